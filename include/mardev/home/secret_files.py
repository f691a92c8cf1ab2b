"""Secrets live in files only their owner may read, made once and kept."""

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mardev.errors import FixFirst

PASSWORD_BYTES = 12
KEY_BYTES = 32


@dataclass(frozen=True)
class AirflowKeys:
    """What Airflow encrypts connections and signs logins with; changing them loses both."""

    fernet_key: str = field(repr=False)
    jwt_secret: str = field(repr=False)
    api_secret_key: str = field(repr=False)


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step, readable by its owner only from the first instant."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)


def write_private_json(path: Path, content: Any) -> None:
    write_private(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def read_json_object(path: Path) -> dict[str, Any]:
    """The object in `path`, empty when there is no such file.

    Raises:
        FixFirst: the file is not a JSON object.
    """
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise FixFirst(f"{path} is damaged. Move it away and start again; it is written anew.") from error
    if not isinstance(content, dict):
        raise FixFirst(f"{path} is damaged. Move it away and start again; it is written anew.")
    return content


def airflow_keys(folder: Path) -> AirflowKeys:
    """The keys of this home, made at the first call."""
    made = _kept(
        folder / "airflow_keys.json",
        {
            "fernet_key": lambda: base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
            "jwt_secret": lambda: secrets.token_urlsafe(KEY_BYTES),
            "api_secret_key": lambda: secrets.token_urlsafe(KEY_BYTES),
        },
    )
    return AirflowKeys(**made)


def passwords(folder: Path, usernames: Sequence[str]) -> dict[str, str]:
    """A password for each name, made at the first call and kept in ``passwords.json``."""
    makers = {username: lambda: secrets.token_urlsafe(PASSWORD_BYTES) for username in usernames}
    return _kept(folder / "passwords.json", makers)


def control_token(folder: Path) -> str:
    """What whoever drives the sandbox's world (clock, incidents) has to show."""
    made = _kept(folder / "sandbox.json", {"control_token": lambda: secrets.token_urlsafe(KEY_BYTES)})
    return made["control_token"]


def _kept(path: Path, makers: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    known = {str(name): str(value) for name, value in read_json_object(path).items()}
    missing = [name for name in makers if name not in known]
    if missing:
        known |= {name: makers[name]() for name in missing}
        write_private_json(path, known)
    return {name: known[name] for name in makers}
