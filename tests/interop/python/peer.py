"""Signs and verifies with PyJWT: each line is ["sign", algorithm, claims] or ["verify", token]."""

import json
import sys
import warnings

import jwt
from jwt.warnings import InsecureKeyLengthWarning

# Intercom's secrets are short for HS384 and HS512, which are there to be refused.
warnings.simplefilter("ignore", InsecureKeyLengthWarning)

key = sys.argv[1]
for line in sys.stdin:
    match json.loads(line):
        case ["sign", "none", claims]:
            answer = jwt.encode(claims, None, "none")
        case ["sign", algorithm, claims]:
            answer = jwt.encode(claims, key, algorithm)
        case ["verify", token]:
            try:
                answer = jwt.decode(token, key, algorithms=["HS256"])
            except jwt.InvalidTokenError:
                answer = None
    print(json.dumps(answer))
