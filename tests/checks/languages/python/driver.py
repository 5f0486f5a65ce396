import sys

from user_hash import user_hash

for line in sys.stdin:
    secret, user_id = (bytes.fromhex(digits).decode() for digits in line.split("\t"))
    print(user_hash(secret, user_id))
