"""Query parameters of a Google API, checked against its discovery document as the platform checks them."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.protocols.google.refusals import (
    GoogleRefusal,
    invalid_parameter,
    missing_parameter,
    unknown_parameter,
)
from sandbox.protocols.validation import GoogleContract

UINT32_MAX = 2**32 - 1


class Parameters:
    """The query of one request, checked.

    Args:
        contract: the API.
        method_id: the method that was called.
        query: name to values as they stand in the query string.

    Raises:
        GoogleRefusal: a parameter is unknown, missing, out of range or not one of the values it takes.
    """

    def __init__(self, contract: GoogleContract, method_id: str, query: Mapping[str, list[str]]) -> None:
        self._specification = contract.methods[method_id].parameters
        self._query = query
        for name in query:
            if name not in self._specification and name not in contract.common_parameters:
                raise unknown_parameter(name)
        for name, specification in self._specification.items():
            if specification.get("location") != "query":
                continue
            if name in query:
                for value in query[name]:
                    _check_value(name, value, specification)
            elif specification.get("required"):
                raise missing_parameter(name)

    def __contains__(self, name: str) -> bool:
        return bool(self.text(name))

    def text(self, name: str) -> str | None:
        """The value, None when it was not sent or is empty."""
        values = self._query.get(name)
        return values[-1] if values and values[-1] else None

    def texts(self, name: str) -> list[str]:
        """Values of a repeated parameter, sent as several or as one with commas."""
        return [part.strip() for value in self._query.get(name, []) for part in value.split(",") if part.strip()]

    def identity(self) -> list[str]:
        """What names the query whatever the page: all parameters of the method but the paging ones."""
        return [
            f"{name}={','.join(values)}"
            for name, values in sorted(self._query.items())
            if name in self._specification and name not in ("pageToken", "maxResults", "part")
        ]

    def number(self, name: str) -> int:
        """The value, or the default of the discovery document."""
        given = self.text(name)
        return int(given if given is not None else self._specification[name]["default"])

    def flag(self, name: str) -> bool:
        return (self.text(name) or "false").lower() == "true"

    def instant(self, name: str) -> datetime | None:
        """A ``google-datetime``, aware."""
        given = self.text(name)
        return datetime.fromisoformat(given) if given else None


def _check_value(name: str, value: str, specification: Mapping[str, Any]) -> None:
    if specification.get("type") == "integer":
        _check_integer(name, value, specification)
    elif specification.get("type") == "boolean":
        if value.lower() not in ("true", "false"):
            raise _invalid_value(name, f'"{value}"')
    elif specification.get("enum"):
        if value not in specification["enum"]:
            raise _invalid_value(name, f'"{value}"')
    elif specification.get("format") == "google-datetime":
        try:
            if datetime.fromisoformat(value).tzinfo is None:
                raise ValueError
        except ValueError:
            raise _invalid_value(name, f'"{value}"') from None


def _check_integer(name: str, value: str, specification: Mapping[str, Any]) -> None:
    if not re.fullmatch(r"-?\d{1,12}", value):
        raise _invalid_value(name, f'"{value}"')
    lowest = int(specification.get("minimum", 0 if str(specification.get("format", "")).startswith("u") else -(2**31)))
    highest = int(specification.get("maximum", UINT32_MAX))
    if not lowest <= int(value) <= highest:
        raise invalid_parameter(
            name, f"Invalid value '{value}'. Values must be within the range: [{lowest}, {highest}]"
        )


def _invalid_value(name: str, shown: str) -> GoogleRefusal:
    return GoogleRefusal(
        400, "invalidParameter", f"Invalid value at '{name}' {shown[:80]}", location=name, status="INVALID_ARGUMENT"
    )
