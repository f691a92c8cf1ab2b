"""Partial answers: ``fields=items(id,snippet/title),nextPageToken``."""

from collections.abc import Mapping
from typing import Any

from sandbox.protocols.google.refusals import GoogleRefusal

MARKS = frozenset("/,()")

Selection = dict[str, "Selection"]
"""Field name to what is selected below it; an empty selection takes everything below."""


def parse(text: str) -> Selection:
    """Read a field selector.

    Raises:
        GoogleRefusal: the selector cannot be read.

    Examples:
        >>> parse("items(id,snippet/title),etag")
        {'items': {'id': {}, 'snippet': {'title': {}}}, 'etag': {}}
    """
    selection, position = _group(text, 0)
    if position != len(text):
        raise refused(text)
    return selection


def prune(value: Any, selection: Selection) -> Any:
    """The selected part of `value`; lists are pruned item by item."""
    if not selection:
        return value
    if isinstance(value, list):
        return [prune(item, selection) for item in value]
    if not isinstance(value, dict):
        return value
    if "*" in selection:
        return {name: prune(child, selection["*"]) for name, child in value.items()}
    return {name: prune(value[name], selection[name]) for name in value if name in selection}


def check(selection: Selection, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> None:
    """Refuse a selection of fields that the answer's type does not have.

    Args:
        selection: what was asked for.
        schema: JSON Schema of the answer.
        definitions: the named schemas that `schema` refers to.

    Raises:
        GoogleRefusal: a name is unknown.
    """
    resolved = _resolve(schema, definitions)
    properties = resolved.get("properties")
    if properties is None:
        return
    for name, below in selection.items():
        if name == "*":
            for child in properties.values():
                check(below, child, definitions)
        elif name not in properties:
            raise refused(name)
        else:
            check(below, properties[name], definitions)


def refused(text: str) -> GoogleRefusal:
    return GoogleRefusal(400, "invalidParameter", f"Invalid field selection {text[:80]}", location="fields")


def _resolve(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    while True:
        if "$ref" in schema:
            schema = definitions[schema["$ref"].rsplit("/", 1)[-1]]
        elif schema.get("type") == "array":
            schema = schema["items"]
        else:
            return schema


def _group(text: str, position: int) -> tuple[Selection, int]:
    selection: Selection = {}
    while position < len(text) and text[position] != ")":
        path, position = _path(text, position)
        below: Selection = {}
        if position < len(text) and text[position] == "(":
            below, position = _group(text, position + 1)
            if position >= len(text) or not below:
                raise refused(text)
            position += 1
        _merge(selection, path, below)
        if position < len(text) and text[position] == ",":
            position += 1
            if position == len(text):
                raise refused(text)
        elif position < len(text) and text[position] != ")":
            raise refused(text)
    return selection, position


def _path(text: str, position: int) -> tuple[list[str], int]:
    path = []
    while True:
        start = position
        while position < len(text) and text[position] not in MARKS:
            position += 1
        name = text[start:position].strip()
        if not name:
            raise refused(text)
        path.append(name)
        if position < len(text) and text[position] == "/":
            position += 1
            continue
        return path, position


def _merge(selection: Selection, path: list[str], below: Selection) -> None:
    node = selection
    for name in path[:-1]:
        node = node.setdefault(name, {})
    known = node.setdefault(path[-1], below)
    if known is not below:
        known.update(below)
