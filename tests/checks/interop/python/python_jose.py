"""Opens tokens with python-jose: each line is ["open", token]."""

import json
import sys

from jose import jws

for line in sys.stdin:
    try:
        jws.verify(json.loads(line)[1], sys.argv[1], ["HS256"])
        print("true")
    except Exception:
        print("null")
