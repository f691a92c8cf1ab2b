"""Finds the platforms: every package beside this file that exports a ``PLATFORM``."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from mardev.connectors.platform import PlatformKind
from mardev.errors import FixFirst

DEFAULT_PLATFORMS = ("youtube",)
"""What an iteration looks at when its form names no platform."""


@cache
def platforms() -> Mapping[str, PlatformKind]:
    """Name to platform, in the order of their names. Imports no client library."""
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/__init__.py"))
    modules = (import_module(f"mardev.connectors.{folder}") for folder in folders)
    found = (getattr(module, "PLATFORM", None) for module in modules)
    return {one.name: one for one in found if isinstance(one, PlatformKind)}


def platform_kind(name: str) -> PlatformKind:
    """The platform `name`.

    Raises:
        FixFirst: there is none of that name.
    """
    try:
        return platforms()[name]
    except KeyError:
        raise FixFirst(f"«{name}» is no platform we can ask. Choose from: {', '.join(platforms())}.") from None
