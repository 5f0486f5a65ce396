"""Opens tokens with HAProxy: each line is ["open", token]. The argument is the key."""

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# As its documentation does it: what comes after the algorithm is the signature, then the user.
CONFIGURATION = """
defaults
    mode http
    timeout connect 5s
    timeout client 1m
    timeout server 5s
frontend auth
    bind 127.0.0.1:{port}
    http-request set-var(txn.bearer) http_auth_bearer
    http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
    http-request deny unless {{ var(txn.alg) -m str "HS256" }}
    http-request deny unless {{ var(txn.bearer),jwt_verify(txn.alg,"{key}") -m int 1 }}
    http-request deny unless {{ var(txn.bearer),jwt_payload_query('$.user_id') -m found }}
    http-request return status 200
"""

with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "haproxy.cfg")
    file.write_text(CONFIGURATION.format(port=port, key=sys.argv[1]))
    haproxy = subprocess.Popen(["haproxy", "-db", "-f", file], stderr=subprocess.DEVNULL)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for _ in range(50):
            try:
                connection.connect()
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        for line in sys.stdin:
            token = json.loads(line)[1]
            # A header holds nothing else.
            if not (token.isascii() and token.isprintable()):
                print("null")
                continue
            connection.request("GET", "/", headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            answer.read()
            print("true" if answer.status == 200 else "null")
    finally:
        haproxy.terminate()
