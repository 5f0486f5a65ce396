#!/usr/bin/env python3
"""Makes mistakes.jsonl with Python's hmac: requests of the web, and the mistakes that made the proof of each.

mistakes.py writes the file; mistakes.py --check fails if the file is not what it would write.
"""

import hmac
import json
import re
import sys
from base64 import b64encode, urlsafe_b64encode
from html import escape
from itertools import combinations, count, cycle
from pathlib import Path
from urllib.parse import quote, quote_plus
from uuid import UUID

FILE = Path(__file__).with_name("mistakes.jsonl")

WEB = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY"
OLDER = "Yn8ZbR4cWm7Qx2TvJkD3hLpYn8ZbR4cWm7Qx2TvJ9kJ"
APPS = "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z"
OTHERS = [(OLDER, []), (APPS, ["SecretOf(Ios)"])]
PLACEHOLDERS = [("", ["EmptySecret"]), *((text, ["PlaceholderSecret"]) for text in ("null", "undefined", "None"))]
SECRETS = [(WEB, []), *OTHERS, *PLACEHOLDERS]

ID = "E621E1F8-C36C-495A-93FC-0C247A3E6E5F"
BARE = "E621E1F8C36C495A93FC0C247A3E6E5F"
BRIEN = "Mc.O'Brien+x@Example.com"
# Of the second, two forms at once are not tried.
LONG = ["A" * 128, "A" * 129]
BOTH = {"user_id": "user-7", "email": "ada@example.com"}
UNTIDY = {"user_id": "user-7", "email": " Ada@Example.com"}
KNOWN = {"email": "ada@example.com", "known_user_id": "User-7"}
TWO_IDS = {"user_id": "p_7", "known_user_id": "User-7"}

# What is sent as the user_id, what is hashed, and in which form that is.
FORMS = [
    *(("42", text, "WhiteSpace") for text in ("42\n", "42\r\n", "42 ", " 42")),
    *((text, "42", "WhiteSpace") for text in (" 42", "42 ", "\t42\n", "\u00a042")),
    (ID, ID.lower(), "LetterCase"),
    (ID.lower(), ID, "LetterCase"),
    ("4711", "4711.0", "NumberForm"),
    ("4711.0", "4711", "NumberForm"),
    ("007", "7", "NumberForm"),
    ("000", "0", "NumberForm"),
    ("4711", f"{4711:,}", "NumberForm"),
    ("1.234.567", "1234567", "NumberForm"),
    ("-1234567", "-1.234.567", "NumberForm"),
    # fmt.Sprint(float64(12345678)) in Go, String.valueOf((double) 12345678) in Java
    *(("12345678", text, "NumberForm") for text in ("1.2345678e+07", "1.2345678E7")),
    *(("-1000000", text, "NumberForm") for text in ("-1e+06", "-1.0E6")),
    # node -p 'String(Number("9007199254740993"))'
    ("9007199254740993", "9007199254740992", "NumberForm"),
    ("-1234567890123456789", "-1234567890123456800", "NumberForm"),
    ("18446744073709551615", "18446744073709552000", "NumberForm"),
    # Rounded where it is sent, by a page that has it as a number.
    ("9007199254740992", "9007199254740993", "NumberForm"),
    ("1234567890123456800", "1234567890123456789", "NumberForm"),
    ("1234567890123456800", "1234567890123456641", "NumberForm"),
    ("-9223372036854776000", "-9223372036854775807", "NumberForm"),
    *((ID.lower(), text, "UuidForm") for text in (UUID(ID).hex, f"{{{UUID(ID)}}}", UUID(ID).urn, f"({UUID(ID)})")),
    *((text, ID, "UuidForm") for text in (BARE, f"{{{ID}}}", f"urn:uuid:{ID}")),
    (BARE, f"{{{ID}}}", "UuidForm"),
    *(("4711", text, "DebugForm") for text in (
        '"4711"', "'4711'", 'Some("4711")', "Some(4711)", "UserId(4711)", 'UserId("4711")', "[4711]", "Optional(4711)",
        "Optional[4711]", repr(b"4711"))),
    *(("507f1f77bcf86cd799439011", f"ObjectId({quoted})", "DebugForm")
      for quoted in ('"507f1f77bcf86cd799439011"', "'507f1f77bcf86cd799439011'")),
    (str(UUID(ID)), repr(UUID(ID)), "DebugForm"),
    (str(UUID(ID)), f"Uuid({UUID(ID)})", "DebugForm"),
    *((text, "4711", "DebugForm") for text in (
        '"4711"', 'Some(UserId("4711"))', "Customer_Id(4711)", "[4711]", "['4711']", 'Optional("4711")')),
    # As `encodeURIComponent`, `URLSearchParams`, Python, Java and Swift write it, and a part of it.
    ("O'Hara(~) *!", "O'Hara(~)%20*!", "UrlEncoded"),
    ("O'Hara(~) *!", "O%27Hara%28%7E%29+*%21", "UrlEncoded"),
    *(("a+b/c d@e-f", text, "UrlEncoded") for text in (
        quote("a+b/c d@e-f", safe=""), quote("a+b/c d@e-f", safe="").lower(), quote_plus("a+b/c d@e-f"),
        quote("a+b/c d@e-f", safe="@"), "a+b/c%20d@e-f", "a+b/c+d@e-f", "a%2Bb%2Fc%20d%40e%2Df")),
    ("J\u00fcrgen", quote("J\u00fcrgen"), "UrlEncoded"),
    ("J\u00fcrgen", quote("J\u00fcrgen").lower().replace("j", "J"), "UrlEncoded"),
    (quote("J\u00fcrgen@"), "J\u00fcrgen@", "UrlEncoded"),
    ("a%2bb", "a+b", "UrlEncoded"),
    ("a%2bb", "a%2Bb", "UrlEncoded"),
    ("a+b%40c", "a b@c", "UrlEncoded"),
    ("a b@c", "a+b@c", "UrlEncoded"),
    ("a+b@c", "a b@c", "UrlEncoded"),
    *(("R&D's \"<7>\"", text, "HtmlEscaped") for text in (
        escape("R&D's \"<7>\""), "R&amp;D&#39;s &quot;&lt;7&gt;&quot;", "R&amp;D&#39;s &#34;&lt;7&gt;&#34;",
        "R&amp;D&#039;s &quot;&lt;7&gt;&quot;", "R&amp;D&apos;s &quot;&lt;7&gt;&quot;", "R&amp;D's \"&lt;7&gt;\"")),
    *(("a+b@c", text, "HtmlEscaped") for text in ("a&#43;b@c", "a&#x2B;b@c", "a&#43;b&#64;c")),
    *((text, "R&D's", "HtmlEscaped") for text in (escape("R&D's"), "R&amp;D&#39;s", "R&amp;D&apos;s")),
    ("a&#x2F;b", "a/b", "HtmlEscaped"),
    ("a/b=c", "a&#x2F;b&#x3D;c", "HtmlEscaped"),
    ("a=b", "a&#61;b", "HtmlEscaped"),
    ("&amp;amp;", "&amp;", "HtmlEscaped"),
]  # fmt: skip

# Each changes these ids, and any that follows changes what that gives.
STEPS = [
    ("LetterCase", str.lower),
    ("UuidForm", lambda text: text.replace("-", "")),
    ("UrlEncoded", lambda text: quote(text, safe="-")),
    ("HtmlEscaped", escape),
    ("DebugForm", lambda text: f'"{text}"'),
    ("WhiteSpace", lambda text: f"{text}\n"),
]


def pairs():
    for text in (ID, BRIEN):
        for (first, change), (second, change_again) in combinations(STEPS, 2):
            if text != change(text) != change_again(change(text)) and not (text == BRIEN and "UuidForm" in (first, second)):
                yield text, change_again(change(text)), [first, second]
                # Back again, but for the case of letters.
                if first != "LetterCase":
                    yield change_again(change(text)), text, [second, first]
    for sent, hashed, mistakes in (
        (f" {ID}", ID.lower(), ["WhiteSpace", "LetterCase"]),
        ("Ada%40Example.com", "ada@example.com", ["UrlEncoded", "LetterCase"]),
        ('Some("Ada@Example.com")', "ada@example.com", ["DebugForm", "LetterCase"]),
        (" 007", "7", ["WhiteSpace", "NumberForm"]),
        ("UserId(4711)", "4711.0", ["DebugForm", "NumberForm"]),
        (BARE.lower(), ID, ["LetterCase", "UuidForm"]),
        ("ada%40example.com\n", "ada@example.com", ["UrlEncoded", "WhiteSpace"]),
    ):
        yield sent, hashed, mistakes


# What is named, what is hashed, what is wrong with that.
IDENTIFIERS = [
    (BOTH, "user-7", []),
    (KNOWN, "ada@example.com", []),
    (TWO_IDS, "p_7", []),
    (BOTH, "ada@example.com", ["EmailHashed"]),
    (KNOWN, "User-7", ["UserIdHashed"]),
    (TWO_IDS, "User-7", ["OtherId"]),
    (TWO_IDS, "user-7", ["OtherId", "LetterCase"]),
    ({**TWO_IDS, "email": "ada@example.com"}, "ada@example.com", ["EmailHashed"]),
    ({"user_id": "user-7", "known_user_id": "USER-7"}, "USER-7", ["LetterCase"]),
    (BOTH, "", ["EmptyIdentifier"]),
    ({"user_id": "0"}, "", ["EmptyIdentifier"]),
    *((BOTH, text, ["PlaceholderIdentifier"])
      for text in ("null", "undefined", "None", "nil", "NaN", "[object Object]", "[object Promise]", "0", str(UUID(int=0)))),
    *(({"user_id": sent}, "4711", ["OtherId"])
      for sent in ("gid://shopify/Customer/4711", "auth0|4711", "users:4711", "user_4711", b64encode(b"User:4711").decode())),
    ({"email": "Ada@Example.COM"}, "Ada@example.com", ["LetterCase"]),
    ({"email": "Ada@Example.COM"}, "ada@example.com", ["LetterCase"]),
    ({"email": "ada@example.com"}, "ada%40example.com", ["UrlEncoded"]),
    ({"email": "ada%2Bx@example.com"}, "ada+x@example.com", ["UrlEncoded"]),
    (UNTIDY, "Ada@Example.com", ["EmailHashed", "WhiteSpace"]),
    (UNTIDY, " ada@example.com", ["EmailHashed", "LetterCase"]),
    ({"user_id": "42"}, "42\n", ["WhiteSpace"]),
    ({"user_id": " 42"}, "42", ["WhiteSpace"]),
    ({"user_id": ID}, ID.lower(), ["LetterCase"]),
    ({"user_id": "4711"}, "4711.0", ["NumberForm"]),
    ({"user_id": ID}, BARE, ["UuidForm"]),
    ({"user_id": BARE}, ID, ["UuidForm"]),
    ({"user_id": "4711"}, '"4711"', ["DebugForm"]),
    ({"user_id": "Some(4711)"}, "4711", ["DebugForm"]),
    ({"user_id": "R&D's"}, escape("R&D's"), ["HtmlEscaped"]),
    ({"user_id": "R&amp;D"}, "R&D", ["HtmlEscaped"]),
]  # fmt: skip
RARE = [({"user_id": sent}, hashed, [form]) for sent, hashed, form in FORMS]
PAIRS = [
    (UNTIDY, "ada@example.com", ["EmailHashed", "WhiteSpace", "LetterCase"]),
    (KNOWN, "user-7\n", ["UserIdHashed", "LetterCase", "WhiteSpace"]),
    (TWO_IDS, "user-7\n", ["OtherId", "LetterCase", "WhiteSpace"]),
    *(({"user_id": sent}, hashed, mistakes) for sent, hashed, mistakes in pairs()),
    ({"user_id": LONG[0]}, f"{LONG[0].lower()}\n", ["LetterCase", "WhiteSpace"]),
]

# What is sent as the user_id, and hashed as it is: it only looks like a mistake.
ODD = [
    "100%25", "50%", "%", "a%2Gb", "a+b", "&amp;", "AT&T", "&#39;", '"4711"', "Some(4711)", "[4711]", "None(4711)", "'", "(",
    f"{{{ID}}}", f"urn:uuid:{ID}", BARE, "4,711", "007", "4711.0", " 42", "\u00a042", "\n", "b'7'", "J\u00fcrgen",
]  # fmt: skip
# What is sent as the user_id, and the id of somebody else, which is hashed.
STRANGERS = [
    (ID, ID.replace("E621", "E622")),
    (ID, UUID(int=UUID(ID).int ^ 1).hex),
    (ID, ID[:-1]),
    (ID, BARE[::-1]),
    (BARE, BARE + "0"),
    ("4711", "4712"),
    ("4711", "-4711"),
    ("4711", "47110"),
    ("4711", "4711.5"),
    ("4711", "4.711.0"),
    ("-", "00"),
    ("user_", "x"),
    ("user-7", "user-7.0"),
    ("user-7", "user_7"),
    ("9007199254740994", "9007199254740993"),
    ("9007199254740992", "9007199254740991"),
    ("Some(4711)", "Some(4712)"),
    ("4711", 'Some("471")'),
    ("[4711]", "[471]"),
    ("4711", "4711()"),
    ("Some(4711", "4711"),
    ("a%40b", "a%41b"),
    ("100%", "100"),
    ("100%25", "100%26"),
    ("a%2Gb", "a+b"),
    ("a%", "a"),
    ("a+b", "ab"),
    ("a&b", "a&amp;c"),
    ("a&ampb", "a&b"),
    ("a&b", "a"),
    ("&bogus;", "bogus"),
    ("O'Hara", "OHara"),
    ("J\u00fcrgen", "Jurgen"),
    ("J\u00fcrgen", "Ju\u0308rgen"),
    ("user-7", "user-8"),
    ("user-7", "user"),
    ("", "x"),
    ("42", "4 2"),
    ("Ada", "Bob"),
]
UNEXPLAINED = [
    ({"email": "ada@"}, "ada"),
    ({"email": "ada+x@example.com"}, "ada@example.com"),
    ({"email": "ada%40example.com@"}, "ada@example.com@x"),
    ({"user_id": "user-7", "known_user_id": "user-8"}, "user-9"),
    # The third text of a form is not tried in another.
    ({"user_id": "Ada@Example.COM"}, "ADA@EXAMPLE.COM\n"),
    ({"user_id": " Ada@Example.COM"}, "ADA@EXAMPLE.COM"),
    *(({"user_id": sent}, hashed) for sent, hashed in STRANGERS),
]

# How the hash is written.
FORMS_OF_HASHES = [
    *((lambda tag, form=form: form.format(tag.hex()), ["Wrapped"])
      for form in (" {}", "{}\n", "\t{}\r\n", '"{}"', "'{}'", "sha256={}", 'sha256="{}"', '"sha256={}"', "b'{}'",
                   "\\x{}", "SHA2-256(stdin)= {}")),
    *((lambda tag, separator=separator: tag.hex(separator), ["HexForm"]) for separator in "-:"),
    (lambda tag: tag.hex("-").upper() + "\n", ["HexForm", "Wrapped"]),
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


def other(text):
    """The id of somebody else in the same form."""
    return re.sub("[0-9A-Za-z](?=[^0-9A-Za-z]*$)|^$", lambda last: "8" if last[0] == "7" else "7", text)


def is_rounded(text):
    """Its neighbours are the same number to JavaScript."""
    return text.strip("-").isdecimal() and len(text) > 15


def requests():
    # A secret that nobody has is tried with the frequent forms alone.
    for rows, others in ((IDENTIFIERS, cycle([*OTHERS, *PLACEHOLDERS])), (RARE, cycle(OTHERS)), (PAIRS, cycle(OTHERS))):
        for named, hashed, what in rows:
            twin = {"innocent_hash": mac(WEB, other(hashed)).hex()} if what and not is_rounded(hashed) else {}
            yield {**named, "user_hash": mac(WEB, hashed).hex(), **twin}, what
            secret, with_what = next(others)
            yield {**named, "user_hash": mac(secret, hashed).hex()}, what + with_what
    for text in LONG[1:]:
        yield {"user_id": text, "user_hash": mac(WEB, f"{text.lower()}\n").hex()}, []
        yield {"user_id": text, "user_hash": mac(WEB, text.lower()).hex()}, ["LetterCase"]
    for secret, _ in PLACEHOLDERS:
        yield {"user_id": ID, "user_hash": mac(secret, BARE.lower()).hex()}, []
        yield {"user_id": "Ada@Example.COM", "user_hash": mac(secret, "ADA@EXAMPLE.COM").hex()}, []
    for text in ODD:
        yield {"user_id": text, "user_hash": mac(WEB, text).hex()}, []
    for named, hashed in UNEXPLAINED:
        yield {**named, "user_hash": mac(WEB, hashed).hex()}, []
    yield from hashes()
    yield from tokens()


def hashes():
    for secret, with_what in SECRETS:
        # Two tags, so that there is a `+` and a `/` in base64.
        for write, how in FORMS_OF_HASHES if secret in (WEB, APPS) else []:
            for hashed, what in (("user-7", []), ("ada@example.com", ["EmailHashed"])):
                yield {**BOTH, "user_hash": write(mac(secret, hashed))}, what + with_what + how
        for text, what in (("user-7", []), ("ada@example.com", ["EmailHashed"])):
            yield {**BOTH, "user_jwt": mac(secret, text).hex()}, what + with_what + ["UserHashAsUserJwt"]
        # As an integer is written.
        unlucky = next(user for user in map("user-{}".format, count()) if mac(secret, user).startswith(b"\0"))
        yield {"user_id": unlucky, "user_hash": mac(secret, unlucky).hex().lstrip("0")}, with_what + ["HexForm"]
        # Hash and user_id are swapped.
        yield {"user_id": mac(secret, "user-7").hex(), "user_hash": "user-7"}, with_what + ["HashAsIdentifier"]
        # The hash is sent as the user_id, and as itself or not at all.
        for named, hashed, what in (
            ({"email": "ada@example.com"}, "ada@example.com", []),
            ({"email": "Ada@Example.com"}, "ada@example.com", ["LetterCase"]),
            ({"known_user_id": "user-7"}, "user-7", []),
        ):
            for write, how in ((bytes.hex, []), (lambda tag: f'"{tag.hex()}"', ["Wrapped"])):
                sent = write(mac(secret, hashed))
                yield {**named, "user_id": sent}, what + with_what + how + ["HashAsIdentifier"]
                yield {**named, "user_id": sent, "user_hash": sent}, what + with_what + how + ["HashAsIdentifier"]
        # Nothing proves that this one is a hash, or whose.
        sent = mac(secret, "user-7").hex()
        yield {"user_id": sent, "email": "ada@example.com", "user_hash": sent}, []
        yield {"user_id": sent, "known_user_id": "user-8"}, []


def tokens():
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
    # The signature holds, but for another name than the request's.
    secrets = cycle(SECRETS)
    for named, signed, what in [*IDENTIFIERS, *RARE, *PAIRS]:
        if "user_id" in named and "EmptyIdentifier" not in what and "PlaceholderIdentifier" not in what:
            secret, with_what = next(secrets)
            yield {**named, "user_jwt": token(secret, user_id=signed)}, what + with_what
    for named, signed in UNEXPLAINED:
        if "user_id" in named:
            yield {**named, "user_jwt": token(WEB, user_id=signed)}, []
    for email, signed, what in (
        ("Ada@example.com", "ada@example.com", ["LetterCase"]),
        ("ada@example.com", "Ada@example.com", ["LetterCase"]),
        ("ada%40example.com@x", "ada@example.com@x", ["UrlEncoded"]),
        ("ada@example.com ", "ada@example.com", ["WhiteSpace"]),
        ("ada@example.com", "bob@example.com", []),
        ("ada@example.com", "ada@example.org", []),
    ):
        yield {"email": email, "user_jwt": token(WEB, email=signed)}, what
        yield {"user_id": "user-7", "email": email, "user_jwt": token(WEB, email=signed)}, what
        if what:
            yield {"user_id": "User-7", "email": email, "user_jwt": token(WEB, email=signed)}, sorted({"LetterCase", *what})
        yield {"user_id": "user-8", "email": email, "user_jwt": token(WEB, email=signed)}, []
    yield {"user_id": "ada@example.com", "user_jwt": token(WEB, email="ada@example.com")}, ["OtherId"]
    yield {"user_id": "ada@example.com", "user_jwt": token(WEB, email="bob@example.com")}, []
    # Only from what is signed does a form lead to what is sent.
    yield {"user_id": "mcx", "user_jwt": token(WEB, user_id="McX")}, ["LetterCase"]
    yield {"user_id": "User-7", "user_jwt": token(WEB, exp=NOW)}, ["LetterCase", "ClockSkew"]
    yield {"user_id": "user-8", "user_jwt": token(WEB)}, []


def main():
    lines = (json.dumps([request, mistakes]) + "\n" for request, mistakes in requests())
    made = "".join(lines).encode()
    if sys.argv[1:] != ["--check"]:
        FILE.write_bytes(made)
    elif FILE.read_bytes() != made:
        sys.exit(f"{FILE.name} is not what {Path(__file__).name} makes")


main()
