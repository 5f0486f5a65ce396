"""Signs and verifies with PyJWT: each line is ["sign", algorithm, claims], ["verify", token] or ["open", token].

Opening a token checks its signature and leaves the claims alone.
"""

import json
import sys
import warnings

import jwt

# Intercom's secrets are short for HS384 and HS512, which are there to be refused.
warnings.simplefilter("ignore")

key = sys.argv[1]
for line in sys.stdin:
    match json.loads(line):
        case ["sign", "none", claims]:
            answer = jwt.encode(claims, None, "none")
        case ["sign", algorithm, claims]:
            answer = jwt.encode(claims, key, algorithm)
        case [what, token]:
            decode = jwt.decode if what == "verify" else jwt.api_jws.decode
            try:
                claims = decode(token, key, algorithms=["HS256"])
                answer = claims if what == "verify" else True
            except Exception:
                answer = None
    print(json.dumps(answer))
