#!/usr/bin/env python3
"""Makes user_hashes.tsv with Python's hmac, for every other implementation to agree with.

make.py writes the file; make.py --check fails if the file is not what it would write.
"""

import argparse
import hmac
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).with_name("user_hashes.tsv")
HEADER = "# Made by make.py. In hexadecimal: the secret's UTF-8 text, the identifier's UTF-8 text, the user hash.\n"


def ascii_text(length):
    """Visible characters only: a secret may not start or end with white space."""
    return "".join(chr(ord("!") + (length + i) % 94) for i in range(length))


def dashboard_secret(seed):
    """256 bits as 43 characters of base64url, the form in which Intercom shows its secrets."""
    return urlsafe_b64encode(sha256(seed).digest()).decode().rstrip("=")


# A block of SHA-256 has 64 bytes, of which the padding takes at least 9.
AROUND_BLOCKS = [55, 56, 63, 64, 65, 119, 120, 128]

SECRETS = [
    dashboard_secret(b"1"),
    dashboard_secret(b"2"),
    "secret",
    "two words",
    "dG9r",
    sha256(b"hexadecimal, and not to be decoded").hexdigest(),
    "c2VjcmV0IQ==",
    "\0nul",
    "nul\0inside",
    "caf\N{LATIN SMALL LETTER E WITH ACUTE}",
    "cafe\N{COMBINING ACUTE ACCENT}",
    "é" * 31 + "x",
    "é" * 32,
    "é" * 64,
    "🔑" * 16,
    "🔑" * 17,
]

IDENTIFIERS = [
    # integers, and what is not the same text
    "0", "1", "4711", "4294967295", "18446744073709551615", "-1", "007", "1.0", "1e3",
    # UUIDs
    "00000000-0000-0000-0000-000000000000",
    "9b2f4c1e-7d53-4a86-b0e1-5c6d7e8f9a0b",
    "9B2F4C1E-7D53-4A86-B0E1-5C6D7E8F9A0B",
    # emails
    "ada@example.com", "Ada@Example.com", "ADA@EXAMPLE.COM", "ada+test@example.com", "ada@bücher.example",
    # white space belongs to the identifier
    " 42", "42 ", "\t42", "42\n", "42\r\n", "\n42", "4 2", " ", "\n", "\N{NO-BREAK SPACE}42", "42\N{IDEOGRAPHIC SPACE}",
    # one look, several texts
    "caf\N{LATIN SMALL LETTER E WITH ACUTE}",
    "cafe\N{COMBINING ACUTE ACCENT}",
    "\N{ANGSTROM SIGN}",
    "\N{LATIN CAPITAL LETTER A WITH RING ABOVE}",
    "A\N{COMBINING RING ABOVE}",
    "e\N{COMBINING DOT BELOW}\N{COMBINING ACUTE ACCENT}",
    "e\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}",
    # scripts and emoji
    "Zoë", "straße", "İstanbul", "Ωμέγα", "Привет", "שלום", "مرحبا", "नमस्ते", "日本語", "한국어",
    "😀", "👍🏽", "🇪🇺",
    "👩\N{ZERO WIDTH JOINER}💻",
    # the first and last of each length in UTF-8, and the byte order mark
    "\0", "\x7f", "\u0080", "\u07ff", "\u0800", "\uffff", "\U00010000", "\U0010ffff", "\ufeff42",
    "\0nul", "nul\0inside", "nul\0",
    # what some language or shell would rather interpret
    "%s%n", "$HOME", "`id`", "\\n", "\\x41", "'\"", "--help", "Null", "</script>", "a\tb", "a=b&c=d",
]  # fmt: skip


def pairs():
    for length in range(1, 131):
        yield ascii_text(length), ascii_text(131 - length)
    for secret_length in AROUND_BLOCKS:
        for identifier_length in AROUND_BLOCKS:
            yield ascii_text(secret_length), ascii_text(identifier_length)
    for length in [200, 1_000, 10_000]:
        # An identifier of more than 1 KiB must have no dot.
        yield ascii_text(length), ascii_text(length).replace(".", "-")
    for secret in SECRETS:
        yield secret, "4711"
    for identifier in IDENTIFIERS:
        yield SECRETS[0], identifier


def line(secret, identifier):
    secret, identifier = secret.encode(), identifier.encode()
    return f"{secret.hex()}\t{identifier.hex()}\t{hmac.digest(secret, identifier, 'sha256').hex()}\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    made = (HEADER + "".join(line(*pair) for pair in pairs())).encode()
    if not parser.parse_args().check:
        FILE.write_bytes(made)
    elif FILE.read_bytes() != made:
        sys.exit(f"{FILE.name} is not what make.py makes")


main()
