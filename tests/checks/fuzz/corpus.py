#!/usr/bin/env python3
"""Writes the inputs that fuzzing starts from, FOLDER/TARGET/NAME: some of each kind, so that the fuzzer need not guess any."""

import hmac
import json
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

CORPUS = Path(sys.argv[1])

# As in the targets.
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
CLAIMS = {"user_id": USER_ID, "email": EMAIL, "exp": NOW + 60}

SIGNING_INPUT = ".".join(base64url(compact(part).encode()) for part in (HS256, {"user_id": "1"}))

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
        ("dashboard", b"kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY", USER_ID),
        ("placeholder", b"YOUR_INTERCOM_IDENTITY_VERIFICATION_SECRET", USER_ID),
        ("encoded", base64url(b"kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY\n").encode(), USER_ID),
        ("zeros", bytes(64), USER_ID),
        ("signing_input", b"abc123", SIGNING_INPUT),
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
    "claims": signed_here(HS256, CLAIMS),
    "attributes": signed_here(HS256, CLAIMS | {"name": "Ada", "company": {"id": 1, "tags": ["a", None, True, 1.5]}}),
    "expired": signed_here(HS256, CLAIMS | {"exp": NOW}),
    "not_yet_valid": signed_here(HS256, CLAIMS | {"nbf": NOW + 1}),
    "fraction": signed_here(HS256, CLAIMS | {"exp": NOW + 0.5, "nbf": NOW + 0.5}),
    "float_that_needs_every_digit": compact(HS256) + '\n{"user_id":"1","price":11767225600.5767250620}',
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
    "type_of_a_media_type": signed_here(HS256 | {"typ": "application/JWT"}, CLAIMS),
    "critical": signed_here(HS256 | {"crit": ["b64"], "b64": False}, CLAIMS),
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
        "token_under_its_name_on_the_web": {"intercom_user_jwt": token(HS256, CLAIMS)},
        "camel_case": {"userId": USER_ID, "userHash": HASH, "userJwt": None},
        "two_spellings": {"user_id": 4711, "userId": "4711", "intercomUserJwt": token(HS256, CLAIMS)},
        "signing_input": {"user_id": SIGNING_INPUT, "user_hash": user_hash(KEY, SIGNING_INPUT)},
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

DIAGNOSE = {
    name: "\n".join([KEY, OLD_KEY, user_id, email, known, proof])
    for name, user_id, email, known, proof in [
        ("email_hashed", USER_ID, EMAIL, "", user_hash(KEY, EMAIL)),
        ("user_id_hashed", "", EMAIL, USER_ID, user_hash(KEY, USER_ID)),
        ("number_rounded", "1234567890123456789", "", "", user_hash(KEY, "1234567890123456800")),
        ("secret_of_another_platform", USER_ID, "", "", user_hash(OLD_KEY, USER_ID)),
        ("secret_sent", USER_ID, "", "", KEY),
        ("other_id", "p_7", EMAIL, USER_ID, user_hash(KEY, USER_ID)),
        ("uuid_form", "E621E1F8-C36C-495A-93FC-0C247A3E6E5F", EMAIL, "", user_hash(KEY, "e621e1f8c36c495a93fc0c247a3e6e5f")),
        ("hex_form", USER_ID, "", "", hmac.digest(KEY.encode(), USER_ID.encode(), "sha256").hex("-")),
        ("global_id", "gid://shopify/Customer/4711", "", "", user_hash(KEY, "4711")),
        ("debug_form", 'Some(UserId("4711"))', EMAIL, "", user_hash(KEY, "4711")),
        ("url_encoded", "a%20b+c%2Fd", EMAIL, "", user_hash(KEY, "a b+c/d")),
        ("html_escaped", "R&amp;D &#39;7&#x27;", EMAIL, "", user_hash(KEY, "R&D '7'")),
        ("hash_as_identifier", user_hash(KEY, EMAIL), EMAIL, "", user_hash(KEY, EMAIL)),
        ("identity_mismatch", "User-7", EMAIL, "", token(HS256, {"user_id": "user-7", "email": EMAIL.upper()})),
        ("base64", USER_ID, "", "", base64url(hmac.digest(KEY.encode(), USER_ID.encode(), "sha256"))),
        ("wrapped", USER_ID, "", "", f'"sha256={HASH}"'),
        ("swapped", HASH, "", "", USER_ID),
        ("milliseconds", USER_ID, "", "", token(HS256, CLAIMS | {"exp": NOW * 1000})),
        ("clock_skew", USER_ID, "", "", token(HS256, CLAIMS | {"exp": NOW - 60})),
    ]
}


def main():
    for target, inputs in {
        "parse_user_hash": PARSE_USER_HASH,
        "compute_verify": COMPUTE_VERIFY,
        "user_jwt": USER_JWT,
        "auth_request_body": AUTH_REQUEST_BODY,
        "diagnose": DIAGNOSE,
    }.items():
        (CORPUS / target).mkdir(parents=True, exist_ok=True)
        for name, content in inputs.items():
            (CORPUS / target / name).write_bytes(content if isinstance(content, bytes) else content.encode())


main()
