#!/usr/bin/env python3
"""Makes mistakes.jsonl with Python's hmac: requests of the web, and the mistakes that made the proof of each.

mistakes.py writes the file; mistakes.py --check fails if the file is not what it would write.
"""

import hmac
import json
import sys
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

FILE = Path(__file__).with_name("mistakes.jsonl")

WEB = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY"
OLDER = "Yn8ZbR4cWm7Qx2TvJkD3hLpYn8ZbR4cWm7Qx2TvJ9kJ"
APPS = "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z"
SECRETS = [
    (WEB, []),
    (OLDER, []),
    (APPS, ["SecretOf(Ios)"]),
    ("", ["EmptySecret"]),
    ("null", ["PlaceholderSecret"]),
    ("undefined", ["PlaceholderSecret"]),
]

UUID = "E621E1F8-C36C-495A-93FC-0C247A3E6E5F"
BOTH = {"user_id": "user-7", "email": "ada@example.com"}
UNTIDY = {"user_id": "user-7", "email": " Ada@Example.com"}
KNOWN = {"email": "ada@example.com", "known_user_id": "User-7"}


def user_id(text):
    return {"user_id": text}


# What is named, what is hashed, what is wrong with that.
IDENTIFIERS = [
    (BOTH, "user-7", []),
    (KNOWN, "ada@example.com", []),
    (BOTH, "ada@example.com", ["EmailHashed"]),
    (KNOWN, "User-7", ["UserIdHashed"]),
    (BOTH, "", ["EmptyIdentifier"]),
    (user_id("0"), "", ["EmptyIdentifier"]),
    *((BOTH, text, ["PlaceholderIdentifier"]) for text in ("null", "undefined", "None", "nil")),
    *((user_id("42"), text, ["WhiteSpace"]) for text in ("42\n", "42\r\n", "42 ", " 42")),
    *((user_id(text), "42", ["WhiteSpace"]) for text in (" 42", "42 ", "\t42\n", "\u00a042")),
    (user_id(UUID), UUID.lower(), ["LetterCase"]),
    (user_id(UUID.lower()), UUID, ["LetterCase"]),
    ({"email": "Ada@Example.COM"}, "Ada@example.com", ["LetterCase"]),
    ({"email": "Ada@Example.COM"}, "ada@example.com", ["LetterCase"]),
    ({"email": "ada@"}, "ada", None),
    (user_id("-"), "0", None),
    (user_id("user-7"), "user-7.0", None),
    (user_id("4711"), "4711.0", ["NumberForm"]),
    (user_id("4711.0"), "4711", ["NumberForm"]),
    (user_id("007"), "7", ["NumberForm"]),
    (user_id("000"), "0", ["NumberForm"]),
    # node -p 'String(Number("9007199254740993"))'
    (user_id("9007199254740993"), "9007199254740992", ["NumberForm"]),
    (user_id("-1234567890123456789"), "-1234567890123456800", ["NumberForm"]),
    (user_id("18446744073709551615"), "18446744073709552000", ["NumberForm"]),
    # Rounded where it is sent, by a page that has it as a number.
    (user_id("9007199254740992"), "9007199254740993", ["NumberForm"]),
    (user_id("1234567890123456800"), "1234567890123456789", ["NumberForm"]),
    (user_id("1234567890123456800"), "1234567890123456641", ["NumberForm"]),
    (user_id("-9223372036854776000"), "-9223372036854775807", ["NumberForm"]),
    # The ids of others.
    ({"user_id": "user-7", "known_user_id": "user-8"}, "user-8", None),
    (user_id("9007199254740994"), "9007199254740993", None),
    (user_id("9007199254740992"), "9007199254740991", None),
    (user_id(f" {UUID}"), UUID.lower(), ["WhiteSpace", "LetterCase"]),
    (UNTIDY, "Ada@Example.com", ["EmailHashed", "WhiteSpace"]),
    (UNTIDY, " ada@example.com", ["EmailHashed", "LetterCase"]),
    (UNTIDY, "ada@example.com", ["EmailHashed", "WhiteSpace", "LetterCase"]),
    (KNOWN, "user-7\n", ["UserIdHashed", "WhiteSpace", "LetterCase"]),
    ({"user_id": "user-7", "email": "ada@example.com", "known_user_id": "other"}, "ada@example.com", ["EmailHashed"]),
]

# How the hash is written.
FORMS = [
    *((lambda tag, form=form: form.format(tag.hex()), ["Wrapped"])
      for form in (" {}", "{}\n", "\t{}\r\n", '"{}"', "'{}'", "sha256={}", 'sha256="{}"', '"sha256={}"')),
    (lambda tag: b64encode(tag).decode(), ["Base64"]),
    (lambda tag: b64encode(tag).decode().rstrip("="), ["Base64"]),
    (lambda tag: urlsafe_b64encode(tag).decode(), ["Base64"]),
    (lambda tag: urlsafe_b64encode(tag).decode().rstrip("="), ["Base64"]),
    (lambda tag: f'"{b64encode(tag).decode()}"\n', ["Base64", "Wrapped"]),
    (lambda tag: b64encode(tag.hex().encode()).decode(), ["Base64"]),
]  # fmt: skip

NOW = 1_767_225_600
SKEW = ["ClockSkew"]


def mac(secret, text):
    return hmac.digest(secret.encode(), text.encode(), "sha256")


def base64url(data):
    return urlsafe_b64encode(data).decode().rstrip("=")


def token(secret, **claims):
    signed = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "HS256"}, {"user_id": "user-7", **claims}))
    return f"{signed}.{base64url(mac(secret, signed))}"


def requests():
    for secret, with_what in SECRETS:
        for named, hashed, what in IDENTIFIERS:
            yield {**named, "user_hash": mac(secret, hashed).hex()}, [] if what is None else what + with_what
        # Two tags, so that there is a `+` and a `/` in base64.
        for write, how in FORMS if secret in (WEB, APPS) else []:
            for hashed, what in (("user-7", []), ("ada@example.com", ["EmailHashed"])):
                yield {**BOTH, "user_hash": write(mac(secret, hashed))}, what + with_what + how
        for text, what in (("user-7", []), ("ada@example.com", ["EmailHashed"])):
            yield {**BOTH, "user_jwt": mac(secret, text).hex()}, what + with_what + ["UserHashAsUserJwt"]
        # Hash and user_id are swapped.
        yield {"user_id": mac(secret, "user-7").hex(), "user_hash": "user-7"}, ["HashAsIdentifier"] + with_what
    for secret, with_what in SECRETS:
        yield {"user_jwt": token(secret)}, with_what
        for form in ("Bearer {}", '"{}"', "{}\n", 'Bearer "{}"'):
            yield {"user_jwt": form.format(token(secret, exp=NOW + 1))}, with_what + ["Wrapped"]
        for exp in ((NOW + 60) * 1000, (NOW - 60) * 1000, (NOW + 60) * 1000 + 0.5):
            yield {"user_jwt": token(secret, exp=exp)}, with_what + ["ExpiryInMilliseconds"]
        # The last second covered is that before exp; the first one is that of nbf.
        for missed, what in ((1, SKEW), (299, SKEW), (300, SKEW), (301, []), (3600, [])):
            yield {"user_jwt": token(secret, exp=NOW + 1 - missed)}, with_what + what
            yield {"user_jwt": token(secret, nbf=NOW + missed)}, with_what + what
    yield {"user_jwt": f'"{token(APPS, exp=NOW)}"'}, ["SecretOf(Ios)", "Wrapped", "ClockSkew"]
    # The signature holds: what is wrong, the rejection says.
    yield {"user_jwt": token(WEB, exp="soon")}, []
    yield {"user_jwt": token(WEB, exp=None)}, []
    yield {"user_jwt": token(WEB, exp=NOW + 60, nbf="soon")}, []
    yield {"user_jwt": token(WEB, exp=NOW * 1_000_000)}, []
    yield {"user_id": "user-8", "user_jwt": token(WEB)}, []


def main():
    lines = (json.dumps([request, mistakes]) + "\n" for request, mistakes in requests())
    made = "".join(lines).encode()
    if sys.argv[1:] != ["--check"]:
        FILE.write_bytes(made)
    elif FILE.read_bytes() != made:
        sys.exit(f"{FILE.name} is not what {Path(__file__).name} makes")


main()
