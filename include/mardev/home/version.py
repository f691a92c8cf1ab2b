"""A home remembers which version made it, so that another version never damages it."""

import json
from importlib import metadata

from mardev.errors import FixFirst
from mardev.settings import Settings

FILE_NAME = "version.json"


def code_version() -> str:
    return metadata.version("mardev")


def home_version(settings: Settings) -> str | None:
    """The version that made this home, None for a home that was never started."""
    try:
        return str(json.loads((settings.home / FILE_NAME).read_text())["version"])
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError):
        return None


def claim_home(settings: Settings, *, migrate: bool = False, version: str | None = None) -> None:
    """Check that this home is of this version and note it for a new one.

    Args:
        settings: whose home.
        migrate: take a home of an older version over to this one.
        version: the code's version, its own unless given.

    Raises:
        FixFirst: the home belongs to another version; says which command migrates or resets it.
    """
    code = version or code_version()
    made_by = home_version(settings)
    if made_by is not None and made_by != code:
        if _ordered(made_by) > _ordered(code):
            raise FixFirst(
                f"The data in {settings.home} was made by MarDev {made_by}, which is newer than this {code}. "
                "Use the newer MarDev, or run `mardev reset` to start empty."
            )
        if not migrate:
            raise FixFirst(
                f"The data in {settings.home} was made by MarDev {made_by}; this is {code}. "
                "Run `mardev up --migrate` to bring it to this version (a dump is kept), "
                "or `mardev reset` to start empty."
            )
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / FILE_NAME).write_text(json.dumps({"version": code}) + "\n")


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
