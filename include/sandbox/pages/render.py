"""Templates with autoescape, safe headers, and the few ways a page shows text, numbers and times."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

FOLDER = Path(__file__).parent
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
LINKABLE = re.compile(
    r"(?P<url>https?://[^\s<>\"'、。）」』]+)"
    r"|(?P<mail>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
    r"|(?<![\w/@.])@(?P<handle>[A-Za-z0-9._-]{3,40})"
)
TRAILING = ".,;:!?)]}"
YOUTUBE_HOSTS = frozenset({"www.youtube.com", "youtube.com", "m.youtube.com"})


def linked(text: str) -> Markup:
    """Text with clickable addresses; everything else is escaped.

    Web addresses stay what they are, except that a channel of the simulated platform leads to its page here. Mail
    addresses lead to the mailbox, @names to the channel.
    """
    shown, position = Markup(""), 0
    for found in LINKABLE.finditer(text):
        whole = found.group(0)
        kept = whole.rstrip(TRAILING)
        shown += escape(text[position : found.start()])
        target = _target(found, kept)
        shown += Markup('<a href="{}" rel="nofollow">{}</a>').format(target, kept) if target else escape(kept)
        position = found.start() + len(kept)
    return shown + escape(text[position:])


def moment(instant: datetime) -> str:
    """``5 Oct 2026, 08:00 UTC``."""
    return f"{instant.day} {instant:%b %Y, %H:%M} UTC"


def day(instant: datetime) -> str:
    """``5 Oct 2026``."""
    return f"{instant.day} {instant:%b %Y}"


def ago(instant: datetime, now: datetime) -> str:
    """How long before `now`, in the largest unit that fits."""
    passed = max(now - instant, timedelta(0))
    for unit, seconds in (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if passed.total_seconds() >= seconds:
            count = int(passed.total_seconds() // seconds)
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def compact(number: int) -> str:
    """1234567 as ``1.2M``."""
    for size, letter in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")):
        if number >= size:
            return f"{number / size:.1f}".rstrip("0").rstrip(".") + letter
    return str(number)


def playing_time(seconds: int) -> str:
    """``10:01``, ``1:00:00``."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A template as an answer with safe headers."""
    return HTMLResponse(TEMPLATES.get_template(template).render(**values), status, HEADERS)


def _target(found: re.Match[str], kept: str) -> str:
    if found["mail"]:
        return f"/world/mailbox/{quote(kept.lower(), safe='@')}"
    if found["handle"]:
        return f"/world/@{quote(kept.lstrip('@').lower())}"
    try:
        parts = urlsplit(kept)
    except ValueError:
        return ""
    if parts.netloc not in YOUTUBE_HOSTS:
        return kept
    steps = [step for step in parts.path.split("/") if step]
    if steps and steps[0].startswith("@"):
        return f"/world/{quote(steps[0].lower(), safe='@')}"
    return f"/world/channel/{quote(steps[1])}" if len(steps) > 1 and steps[0] == "channel" else "/world/"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "linked": linked,
        "moment": moment,
        "day": day,
        "ago": ago,
        "compact": compact,
        "playing_time": playing_time,
    }
    environment.filters.update(filters)
    return environment


TEMPLATES = _environment()
