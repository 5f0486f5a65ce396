"""Forges identifiers that are the signed part of a token, and has an honest server complete them.

    forge.py KEY SEED COUNT

Each line is an identifier and a token, both in JSON, with a tab between. The first is the plain attack. It shares no code
with the crate, and knows nothing of what the crate refuses.
"""

import base64
import hashlib
import hmac
import json
import random
import sys
import zlib

key, seed, count = sys.argv[1].encode(), int(sys.argv[2]), int(sys.argv[3])
rng = random.Random(seed)

HEADERS = """{"alg":"HS256"}|{"alg":"HS256","typ":"JWT"}|{"typ":"JWT","alg":"HS256","kid":"1"}|\n{\t"alg" : "HS256" }\r\n
{ "alg": "HS256", "typ": "JWT" }|{"alg":"HS256","x":{"y":[1,{"z":null}]}}|{"x":"~~~???>>>ÿÿÿ","alg":"HS256"}
{"alg":"HS256","b64":false,"crit":["b64"]}|{"alg":"HS256","b64":false}|{"alg":"HS256","zip":"DEF"}|{"zip":"GZIP","alg":"HS256"}
{"\\u0061lg":"\\u0048S256"}|{'alg':'HS256'}|{alg:HS256}|{"alg"="HS256"}|{"alg""HS256"]|{"alg":"hs256"}|{"ALG":"HS256"}
{"x":NaN,"alg":"HS256",}|/*x*/{"alg":"HS256"}|x{"alg":"HS256"}x|{"alg":"HS256"|["alg","HS256"]|{}|[]|1|"x"|null|x"""
HEADERS = [header for line in HEADERS.splitlines() for header in line.split("|")]
PAYLOADS = ['{"user_id":"1"}', '{"user_id":1}', ' { "user_id" : "1" }\n', '\ufeff{"user_id":"1"}', '{  "user_id":"1"}', "{'user_id':'1'}", "{user_id:1}", '{"user_id":"1"', '{"user_id":1 ']
ENCODINGS = ["utf-8"] * 12 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "overlong"]
JUNK = [*"+-_/=.,:;!?*%&#@~^|\\\"'<>[]{}$ \t\n\r\0\x7fAJi9éÿĀŤ\u2028\ufeff\ufffd\uff0e😀", "==", "====", "\r\n", "%3D", ".."]


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def encode(text):
    encoding = rng.choice(ENCODINGS)
    if encoding == "overlong":
        return bytes(part for byte in text.encode() for part in (0xC0 | byte >> 6, 0x80 | byte & 0x3F))
    return text.encode(encoding)


def spoil(text):
    """The text as it is signed and as it stands in the token: a server may decode it before it hashes it."""
    pairs = [(c, c) for c in text]
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
        at = rng.choice([0, len(pairs), *(rng.randrange(len(pairs) + 1) for _ in range(3))])
        there = rng.sample(range(len(pairs)), rng.choice([1, 1, len(pairs)])) if pairs else []
        match rng.randrange(8):
            case 0 | 1:
                pairs.insert(at, (rng.choice(JUNK),) * 2)
            case 2:  # Cut to a byte, a character is the one that it was.
                units = {i: chr(ord(pairs[i][0][0]) % 128 + 256 * rng.choice([1, 2, 4, 0x4E, 0xFF])) for i in there}
                pairs = [(units.get(i, a),) * 2 if i in units else (a, b) for i, (a, b) in enumerate(pairs)]
            case 3:  # JSON may hold half a surrogate pair, which UTF-8 cannot.
                for i in there:
                    pairs[i] = ("\ufffd", chr(0xD800 + ord(pairs[i][0][0]) % 128))
            case 4:  # Padding counts as the digit 0.
                pairs = [("=", "=") if a == "A" and rng.random() < 0.7 else (a, b) for a, b in pairs]
            case 7:  # Anything counts as the digit 0.
                junk = rng.choice(JUNK)
                pairs = [(junk, junk) if a == "A" else (a, b) for a, b in pairs]
            case 5:
                pairs += [("=", "=")] * rng.choice([-len(text) % 4, 1, 2, 3])
            case 6:
                other = rng.choice([{"-": "+", "_": "/"}, {"-": "+"}, {"_": "/"}])
                pairs = [(other.get(a, a), other.get(b, b)) for a, b in pairs]
    return ["".join(side) for side in zip(*pairs)] or ["", ""]


def forge():
    header = encode(rng.choice(HEADERS))
    if rng.random() < 0.2:
        at = rng.randrange(len(header) + 1)
        header = header[:at] + rng.choice([b"", b" ", b"\0", b"\xff", b'"', b"}"]) + header[at + rng.randrange(2) :]
    payload = rng.choice(PAYLOADS)
    if b"b64" in header or rng.random() < 0.05:
        second = [payload] * 2
    else:
        payload = encode(payload) if rng.random() < 0.3 else payload.encode()
        bits = rng.choice([15, -15, 31])
        deflate = zlib.compressobj(wbits=bits)
        packed = b"zip" in header or rng.random() < 0.05
        second = spoil(base64url(deflate.compress(payload) + deflate.flush() if packed else payload))
    first = spoil(base64url(header))
    dot = rng.choice(["."] * 15 + [".."])
    return first[0] + dot + second[0], first[1] + dot + second[1]


# Each was taken by a library; the half pair is how JSON writes what UTF-8 then has as U+FFFD.
SEEN = """eyJhbGciOiJIUzI1NiJ9 eyJhbGciOiJIUzI1NiJ9.eyJ1 +eyJhbGciOiJIUzI1NiJ9 ťyJhbGciOiJIUzI1NiJ9 ey=iYWxnIjoiSFMyNTYifQ
eyJhbGciIkhTMjU2Il0 e2FsZzpIUzI1Nn0 eydhbGcnOidIUzI1Nid9 MQ \ud865yJhbGciOiJIUzI1NiJ9""".split()
# Likewise, to those who take anything for the digit 0, fold overlong UTF-8, drop bytes that are no UTF-8, or stop behind a
# value.
SEEN_WHOLE = """ey!gImFsZyI6IkhTMjU2In0.ey!gInVzZXJfaWQiOiIxIn0
wbvAosGhwazBp8CiwLrAosGIwZPAssC1wLbAosG9.wbvAosG1wbPBpcGywZ_BqcGkwKLAusCxwb0
MQ.ewkidaaac4dlcl9pgadkgacigjowfa
eyJhbGciOiJIUzI1NiI.eyJ1c2VyX2lkIjoiMSI""".split()
forged = {}
for header in SEEN:
    signed = header + "." + ("c2VyX2lkIjoiMSJ9" if header.endswith("eyJ1") else "eyJ1c2VyX2lkIjoiMSJ9")
    forged[signed.replace("\ud865", "\ufffd"), signed] = None
forged |= {(signed, signed): None for signed in SEEN_WHOLE}
while len(forged) < count:
    forged[forge()] = None
for identifier, signed in forged:
    user_hash = hmac.new(key, identifier.encode(), hashlib.sha256).hexdigest()
    print(json.dumps(identifier), json.dumps(signed + "." + base64url(bytes.fromhex(user_hash))), sep="\t")
