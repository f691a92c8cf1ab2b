"""What a look at one thing found."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: fine, worth knowing, or it stops the product."""

    GOOD = "good"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """`mend` is a command or a sentence that says what to do; empty when nothing is to be done."""

    subject: str
    level: Level
    text: str
    mend: str = ""


def good(subject: str, text: str) -> Finding:
    return Finding(subject, Level.GOOD, text)


def note(subject: str, text: str, mend: str = "") -> Finding:
    return Finding(subject, Level.NOTE, text, mend)


def problem(subject: str, text: str, mend: str) -> Finding:
    return Finding(subject, Level.PROBLEM, text, mend)
