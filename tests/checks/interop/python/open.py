"""Opens tokens with a library of Python: each line is ["open", token]. The arguments are the key and the library."""

import base64
import hashlib
import hmac
import json
import sys
import warnings

# authlib would rather be joserfc.
warnings.showwarning = lambda *_: None

key, name = sys.argv[1:]
match name:
    case "python-jose":
        from jose import jws

        open_token = lambda token: jws.verify(token, key, ["HS256"])
    case "authlib":
        from authlib.jose import JsonWebToken

        open_token = lambda token: JsonWebToken(["HS256"]).decode(token, key)
    case "joserfc":
        from joserfc import jwk, jws

        open_token = lambda token: jws.deserialize_compact(token, jwk.OctKey.import_key(key), ["HS256"])
    case "jwcrypto":
        from jwcrypto import jwk, jwt

        octets = jwk.JWK(kty="oct", k=base64.urlsafe_b64encode(key.encode()).decode().rstrip("="))
        open_token = lambda token: jwt.JWT(jwt=token, key=octets, algs=["HS256"])
    case "Python by hand":

        def open_token(token):
            signed, _, signature = token.rpartition(".")
            expected = base64.urlsafe_b64encode(hmac.digest(key.encode(), signed.encode(), hashlib.sha256)).decode()
            payload = base64.urlsafe_b64decode(signed.split(".")[1] + "==").decode("utf-8", "ignore")
            if expected.rstrip("=") != signature or "user_id" not in json.loads(payload):
                raise ValueError


for line in sys.stdin:
    try:
        open_token(json.loads(line)[1])
        print("true")
    except Exception:
        print("null")
