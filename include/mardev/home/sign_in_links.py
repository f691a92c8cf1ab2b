"""One-time links that sign a demo person in: single use, short-lived, kept only as a hash.

A link is a file named by the hash of its token. Whoever removes the file first has used the link;
the file system makes sure that this is one caller only.
"""

import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mardev.home.secret_files import write_private_json

LIFETIME = timedelta(minutes=15)
TOKEN_BYTES = 32
PATH_PREFIX = "/mardev-signin"


def issue_link(folder: Path, username: str, *, now: datetime) -> str:
    """Make a link for `username` and return its path, ``/mardev-signin/<token>``. Expired ones are removed."""
    remove_expired(folder, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    write_private_json(_file(folder, token), {"username": username, "expires_at": (now + LIFETIME).isoformat()})
    return f"{PATH_PREFIX}/{token}"


def use_link(folder: Path, token: str, *, now: datetime) -> str | None:
    """The person a token signs in, None when it was never issued, was used before or has expired."""
    path = _file(folder, token)
    try:
        content = json.loads(path.read_text())
        path.unlink()
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    if datetime.fromisoformat(content["expires_at"]).astimezone(UTC) <= now:
        return None
    return str(content["username"])


def remove_expired(folder: Path, *, now: datetime) -> None:
    for path in folder.glob("*.json"):
        try:
            expires_at = datetime.fromisoformat(json.loads(path.read_text())["expires_at"])
        except (FileNotFoundError, json.JSONDecodeError, KeyError, ValueError):
            continue
        if expires_at <= now:
            path.unlink(missing_ok=True)


def _file(folder: Path, token: str) -> Path:
    return folder / f"{hashlib.sha256(token.encode()).hexdigest()}.json"
