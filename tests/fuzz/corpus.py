#!/usr/bin/env python3
"""Writes the inputs that fuzzing starts from, corpus/TARGET/NAME: some of each kind, so that no kind has to be guessed."""

import hmac
import json
from base64 import urlsafe_b64encode
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")

# Those that the targets know.
KEY = "abc123"
OLD_KEY = "abc124"
NOW = 1_767_225_600

USER_ID, EMAIL = "4711", "ada@example.com"


def user_hash(key, identifier):
    return hmac.digest(key.encode(), identifier.encode(), "sha256").hex()


def base64url(data):
    return urlsafe_b64encode(data).decode().rstrip("=")


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def token(header, claims, key=KEY):
    signed = ".".join(base64url(compact(part).encode()) for part in (header, claims))
    return signed + "." + base64url(hmac.digest(key.encode(), signed.encode(), "sha256"))


HASH = user_hash(KEY, USER_ID)
HS256 = {"alg": "HS256", "typ": "JWT"}
AT_JWT = {"alg": "HS256", "typ": "at+jwt"}
CLAIMS = {"user_id": USER_ID, "email": EMAIL, "exp": NOW + 60}
ACCESS = {"sub": USER_ID, "identifier": "user_id", "identity": "verified", "aud": "messages", "iat": NOW, "exp": NOW + 60}

PARSE_USER_HASH = {
    "lower_case": HASH,
    "upper_case": HASH.upper(),
    "not_hex": "g" + HASH[1:],
    "63_digits": HASH[1:],
    "64_bytes_62_characters": HASH[4:] + "é" * 2,
    "sha1": HASH[:40],
    "token": token(HS256, CLAIMS),
}

COMPUTE_VERIFY = {
    name: bytes([len(key)]) + key + identifier.encode()
    for name, key, identifier in [
        ("published_sample", b"secret", "Message"),
        ("integer", b"abc123", "1"),
        ("largest_integer", b"abc123", str(2**64 - 1)),
        ("email", b"abc123", EMAIL),
        ("empty_identifier", b"abc123", ""),
        ("empty_key", b"", USER_ID),
        ("white_space", b"secret\n", USER_ID),
        ("no_break_space", "\u00a0secret".encode(), USER_ID),
        ("access_token", b"dG9rOjEyMzQ=", USER_ID),
        ("not_utf8", bytes(range(0xF0, 0x100)), USER_ID),
        ("key_of_a_block", b"k" * 64, "i" * 55),
        ("key_of_more_than_a_block", b"k" * 65, "i" * 56),
    ]
}


def signed_here(header, claims):
    return f"{compact(header)}\n{compact(claims)}"


USER_JWT = {
    "token": token(HS256, CLAIMS),
    "token_of_another_secret": token(HS256, CLAIMS, OLD_KEY),
    "access_token": token(AT_JWT, ACCESS),
    "claims": signed_here(HS256, CLAIMS),
    "attributes": signed_here(HS256, CLAIMS | {"name": "Ada", "company": {"id": 1, "tags": ["a", None, True, 1.5]}}),
    "expired": signed_here(HS256, CLAIMS | {"exp": NOW}),
    "not_yet_valid": signed_here(HS256, CLAIMS | {"nbf": NOW + 1}),
    "fraction": signed_here(HS256, CLAIMS | {"exp": NOW + 0.5, "nbf": NOW + 0.5}),
    "milliseconds": signed_here(HS256, CLAIMS | {"exp": NOW * 1000}),
    "integer_user_id": signed_here(HS256, CLAIMS | {"user_id": 4711}),
    "empty_user_id": signed_here(HS256, CLAIMS | {"user_id": ""}),
    "email_null": signed_here(HS256, CLAIMS | {"email": None}),
    "exp_null": signed_here(HS256, CLAIMS | {"exp": None}),
    "nbf_null": signed_here(HS256, CLAIMS | {"nbf": None}),
    "escapes": '{ "\\u0061lg":"HS256" }\n { "us\\u0065r_id" : "\\u00e9", "pl\\u0061n":"\\"" } ',
    "member_twice": compact(HS256) + '\n{"user_id":"1","user_id":"2"}',
    "algorithm_none": signed_here({"alg": "none"}, CLAIMS),
    "algorithm_not_a_text": signed_here({"alg": 256}, CLAIMS),
    "type_not_a_text": signed_here(HS256 | {"typ": ["JWT"]}, CLAIMS),
    "signature_padded": token(HS256, CLAIMS) + "=",
    "signature_cut_off": token(HS256, CLAIMS)[:-3],
    "critical": signed_here(HS256 | {"crit": ["b64"], "b64": False}, CLAIMS),
    "access": signed_here(AT_JWT, ACCESS),
    "access_by_email": signed_here(AT_JWT, ACCESS | {"sub": EMAIL, "identifier": "email", "identity": "unverified"}),
    "access_of_a_visitor": signed_here(AT_JWT, {"identity": "unidentified", "aud": "messages", "exp": NOW + 60}),
    "access_for_another_audience": signed_here(AT_JWT, ACCESS | {"aud": "billing"}),
}

AUTH_REQUEST_BODY = {
    name: compact(body)
    for name, body in {
        "hash": {"user_id": USER_ID, "user_hash": HASH},
        "integer_user_id": {"user_id": 4711, "email": EMAIL, "user_hash": HASH},
        "upper_case": {"user_id": USER_ID, "user_hash": HASH.upper()},
        "email": {"email": EMAIL, "user_hash": user_hash(KEY, EMAIL)},
        "email_hash_beside_user_id": {"user_id": USER_ID, "email": EMAIL, "user_hash": user_hash(KEY, EMAIL)},
        "older_secret": {"user_id": USER_ID, "user_hash": user_hash(OLD_KEY, USER_ID)},
        "hash_missing": {"user_id": USER_ID},
        "visitor": {},
        "visitor_with_hash": {"user_hash": HASH},
        "token": {"user_jwt": token(HS256, CLAIMS)},
        "token_beside_names": {"user_id": USER_ID, "email": EMAIL, "user_jwt": token(HS256, CLAIMS)},
        "token_of_another": {"user_id": "4712", "user_jwt": token(HS256, CLAIMS)},
        "token_with_the_email_as_user_id": {"email": EMAIL, "user_jwt": token(HS256, {"user_id": EMAIL})},
        "token_with_the_email_as_user_id_beside_another": {
            "email": EMAIL,
            "user_jwt": token(HS256, {"user_id": EMAIL, "email": "grace@example.com"}),
        },
        "token_and_hash": {"user_id": USER_ID, "user_hash": HASH, "user_jwt": token(HS256, CLAIMS)},
        "token_in_the_place_of_the_hash": {"user_id": USER_ID, "user_hash": token(HS256, CLAIMS)},
        "null": {"user_id": None, "email": None, "user_hash": None, "user_jwt": None},
        "empty_user_id": {"user_id": "", "email": EMAIL},
        "email_without_at": {"email": "ada"},
        "unknown_field": {"user_id": USER_ID, "userHash": HASH},
        "negative_user_id": {"user_id": -4711},
        "boolean": {"user_id": True},
        "object_as_email": {"email": {"address": EMAIL}},
        "array": [USER_ID, EMAIL, HASH, None],
    }.items()
} | {
    "field_twice": '{"user_id":"1","user_id":"2"}',
    "escapes": r'{"user\u005fid":"\u0034711","email":"ada\u0040example.com"}',
    "largest_integer": '{"user_id":18446744073709551615}',
}


def main():
    for target, inputs in {
        "parse_user_hash": PARSE_USER_HASH,
        "compute_verify": COMPUTE_VERIFY,
        "user_jwt": USER_JWT,
        "auth_request_body": AUTH_REQUEST_BODY,
    }.items():
        (CORPUS / target).mkdir(parents=True, exist_ok=True)
        for name, content in inputs.items():
            (CORPUS / target / name).write_bytes(content if isinstance(content, bytes) else content.encode())


main()
