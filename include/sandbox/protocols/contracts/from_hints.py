"""Classes with type hints, as clients describe answers with them, as JSON Schema."""

import datetime
import enum
import types
import typing
from collections.abc import Collection, Mapping
from typing import Any

DATE_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
PLAIN: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer", "minimum": 0},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    datetime.datetime: {"type": "string", "pattern": DATE_TIME},
}


def reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def list_of(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(item)}


class Converter:
    """Turns classes into schemas; `known` are the names that get a definition of their own."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known

    def entity(
        self,
        module: types.ModuleType,
        name: str,
        required: Collection[str],
        on_the_wire: Mapping[str, Mapping[str, Any]],
    ) -> dict[str, Any]:
        """The schema of one class.

        Args:
            module: holds the class.
            name: of the class.
            required: fields that are always there.
            on_the_wire: schemas of fields that the client reads as something else than what is sent.
        """
        hints = typing.get_type_hints(getattr(module, name), vars(module))
        properties = {field: self._field(hint) for field, hint in hints.items() if not field.startswith("_")}
        return {
            "type": "object",
            "properties": properties | {field: dict(schema) for field, schema in on_the_wire.items()},
            "required": sorted(required),
            "additionalProperties": False,
        }

    def _field(self, hint: Any) -> dict[str, Any]:
        options = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
        schemas = [{"type": "null"} if option is types.NoneType else self._single(option) for option in options]
        unique = [schema for position, schema in enumerate(schemas) if schema not in schemas[:position]]
        return unique[0] if len(unique) == 1 else {"anyOf": unique}

    def _single(self, hint: Any) -> dict[str, Any]:
        name = getattr(hint, "__name__", "")
        if "Snowflake" in name:
            return {"type": "string", "pattern": r"^\d+$"}
        if hint in PLAIN:
            return dict(PLAIN[hint])
        if typing.get_origin(hint) is not None:
            inner = typing.get_args(hint)
            return list_of(self._single(inner[0]) if inner else {})
        if name.endswith("List"):
            return list_of({})
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return {"enum": [member.value for member in hint]}
        return reference(name) if name in self._known else {"type": "object"}
