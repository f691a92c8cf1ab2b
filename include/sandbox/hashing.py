"""Counter-based randomness: a number depends on (seed, entity, purpose) and on nothing that happened before."""

import base64
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


def digest(seed: int, *parts: object, size: int = 8) -> bytes:
    """`size` bytes that depend on the seed and all parts, the same in every process."""
    text = "\x1f".join([str(seed), *map(str, parts)])
    return blake2b(text.encode(), digest_size=size).digest()


def number(seed: int, *parts: object) -> int:
    """A 64-bit number."""
    return int.from_bytes(digest(seed, *parts), "big")


def unit(seed: int, *parts: object) -> float:
    """A number in [0, 1)."""
    return (number(seed, *parts) >> 11) * (1.0 / 2**53)


def chance(probability: float, seed: int, *parts: object) -> bool:
    """True with the probability."""
    return unit(seed, *parts) < probability


def pick(items: Sequence[Item], seed: int, *parts: object) -> Item:
    """One of the items."""
    return items[number(seed, *parts) % len(items)]


def token(length: int, seed: int, *parts: object) -> str:
    """Letters, digits, - and _; `length` of them."""
    raw = digest(seed, *parts, size=(length * 3 + 3) // 4)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")[:length]


def hexadecimal(length: int, seed: int, *parts: object) -> str:
    """Hexadecimal digits, `length` of them, even."""
    return digest(seed, *parts, size=length // 2).hex()


def generator(seed: int, *parts: object) -> np.random.Generator:
    """A numpy generator of its own."""
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest(seed, *parts, size=16), "big")))
