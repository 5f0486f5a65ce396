import sys

import jwt
from peer import serve

secret, token = sys.argv[1:]


def verify() -> dict[str, object]:
    return jwt.decode(token, secret, algorithms=["HS256"])


claims = verify()


def sign() -> str:
    return jwt.encode(claims, secret, algorithm="HS256")


assert sign() == token
serve(sign=sign, verify=verify)
