"""The graph as a document for other programs: named columns, creators, follows; one for every file format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["string", "integer", "long", "double", "boolean"]
Value: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True)
class Attribute:
    """A column of the nodes or of the edges; `title` is a word that every format can carry (letters, digits, _)."""

    title: str
    kind: Kind


@dataclass(frozen=True)
class Node:
    """A creator's channel as it is written.

    Attributes
    ----------
    values : one per node attribute; None is left out
    position : x and y in the units of the drawing program
    size : diameter in the same units
    """

    key: str
    label: str
    values: Sequence[Value] = ()
    position: tuple[float, float] | None = None
    size: float | None = None


@dataclass(frozen=True)
class Edge:
    """`source` endorses `target`; parallel edges of different `kind` are evidence of its own each.

    Attributes
    ----------
    weight : strength of the evidence, > 0
    kind : the kind of evidence, None when the file does not tell
    values : one per edge attribute; None is left out
    """

    source: str
    target: str
    weight: float = 1.0
    kind: str | None = None
    values: Sequence[Value] = ()


@dataclass(frozen=True)
class GraphDocument:
    """Everything a file says. Nodes and edges may be iterators: then the document is written once and never held."""

    nodes: Iterable[Node]
    edges: Iterable[Edge]
    node_attributes: Sequence[Attribute] = ()
    edge_attributes: Sequence[Attribute] = ()
    as_of: date | None = None


def number_text(value: float) -> str:
    """A number so that it reads back the same; numpy's are like Python's."""
    return repr(float(value))


def value_text(value: object) -> str:
    """A value as every format writes it: ``true``, ``3``, ``0.25``, a text as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or "int" in type(value).__name__:  # the integers of numpy are no `int`
        return str(value)
    return number_text(float(str(value)))
