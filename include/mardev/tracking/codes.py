"""Promo codes people can read aloud, and short names for links. Both follow from the placement's key."""

import hashlib
import unicodedata
from collections.abc import Container

READABLE = "ABCDEFGHJKMNPQRTUVWXY"
"""Capital letters nobody takes for a digit (no I, L, O, S, Z)."""
DIGITS = "346789"
"""Digits nobody takes for a letter (no 0, 1, 2, 5)."""
SLUG_ALPHABET = "abcdefghjkmnpqrtuvwxy346789"
NAME_LENGTH = 5
TAIL_LENGTH = 4
SLUG_LENGTH = 7
FALLBACK_NAME = "APP"
"""For names with fewer than two readable letters (other scripts)."""


def promo_code(placement_key: str, *, creator_name: str = "", taken: Container[str] = frozenset()) -> str:
    """A code for one placement: the creator's name as far as it reads well, then a digit-letter-digit-letter tail.

    Parameters
    ----------
    placement_key : the same key always gives the same code, as long as `taken` is the same
    creator_name : in any script; letters that cannot be read safely in capitals are left out
    taken : codes that are in use; the next one that is free is returned

    Returns
    -------
    str, 6 to 9 capital letters and digits out of `READABLE` and `DIGITS`

    Examples
    --------
    >>> code = promo_code("autumn-3", creator_name="Mira Käthe")
    >>> code[:5], len(code)
    ('MRAKA', 9)
    >>> promo_code("autumn-3", creator_name="Mira Käthe", taken={code}) == code
    False
    """
    name = _readable_name(creator_name)
    attempt = 0
    while True:
        digest = hashlib.sha256(f"{placement_key.lower()}#{attempt}".encode()).digest()
        alphabets = (DIGITS, READABLE) * (TAIL_LENGTH // 2)
        tail = "".join(letters[byte % len(letters)] for letters, byte in zip(alphabets, digest, strict=False))
        if (code := name + tail) not in taken:
            return code
        attempt += 1


def link_slug(placement_key: str, *, taken: Container[str] = frozenset()) -> str:
    """A short name for the placement's link: 7 small letters and digits, the same for the same key.

    Examples
    --------
    >>> link_slug("autumn-3") == link_slug("AUTUMN-3"), len(link_slug("autumn-3"))
    (True, 7)
    """
    attempt = 0
    while True:
        digest = hashlib.sha256(f"{placement_key.lower()}/{attempt}".encode()).digest()
        slug = "".join(SLUG_ALPHABET[byte % len(SLUG_ALPHABET)] for byte in digest[:SLUG_LENGTH])
        if slug not in taken:
            return slug
        attempt += 1


def _readable_name(creator_name: str) -> str:
    plain = unicodedata.normalize("NFKD", creator_name).upper()
    letters = [letter for letter in plain if letter in READABLE][:NAME_LENGTH]
    return "".join(letters) if len(letters) >= 2 else FALLBACK_NAME
