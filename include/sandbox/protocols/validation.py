"""Contracts: what an answer must look like before it leaves the server.

For Google's APIs the contract is the discovery document that the installed google-api-python-client carries, turned
into JSON Schema. Those documents name no required fields, so `required_fields.py` adds them from the reference pages.
"""

import functools
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from sandbox.protocols.required_fields import REQUIRED_FIELDS, RULES

log = logging.getLogger("sandbox.contract")

PATTERNS: Mapping[str, str] = {
    "uint64": r"^[0-9]{1,20}$",
    "int64": r"^-?[0-9]{1,19}$",
    "byte": r"^[A-Za-z0-9_-]*={0,2}$",
    "date": r"^\d{4}-\d\d-\d\d$",
    "date-time": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
    "google-datetime": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$",
    "google-duration": r"^-?\d+(\.\d+)?s$",
}
"""What a JSON string of a discovery document's format looks like on the wire."""

VIOLATIONS_LOGGED = 5


class AnswerBreaksContract(Exception):
    """The sandbox was about to send something the real platform never sends."""

    def __init__(self, what: str, violations: list[str]) -> None:
        super().__init__(f"{what} breaks its contract: " + "; ".join(violations))
        self.what = what
        self.violations = violations


@dataclass(frozen=True)
class Method:
    """One method of an API as its discovery document describes it."""

    id: str
    http_method: str
    path: str
    parameters: Mapping[str, Mapping[str, Any]]
    request: str | None
    response: str


class Checker:
    """A compiled JSON Schema."""

    def __init__(self, what: str, schema: Mapping[str, Any]) -> None:
        self._what = what
        self._validator = jsonschema_rs.Draft202012Validator(dict(schema))

    def violations(self, body: Any) -> list[str]:
        """Where and how `body` breaks the schema; values are left out, they may be personal."""
        if self._validator.is_valid(body):
            return []
        found = []
        for error in self._validator.iter_errors(body):
            place = "/".join(str(step) for step in error.instance_path) or "(top)"
            rule = "/".join(str(step) for step in error.schema_path)
            found.append(f"{place} against {rule}")
        return found[:VIOLATIONS_LOGGED]

    def check(self, body: Any) -> None:
        """Raises: AnswerBreaksContract."""
        if found := self.violations(body):
            raise AnswerBreaksContract(self._what, found)


class GoogleContract:
    """One Google API: its methods, its schemas, its revision."""

    def __init__(self, name: str) -> None:
        document = discovery_document(name)
        self.name = name
        self.revision: str = document["revision"]
        self.common_parameters: Mapping[str, Mapping[str, Any]] = document["parameters"]
        self.methods = {method.id: method for method in _methods(document)}
        required = REQUIRED_FIELDS.get(name, {})
        self.definitions = {
            schema: _with_requirements(schema, _convert(body), required) for schema, body in document["schemas"].items()
        }
        self._checkers: dict[str, Checker] = {}

    def checker(self, schema: str) -> Checker:
        """The compiled checker of one named schema."""
        if schema not in self._checkers:
            whole = {"$ref": f"#/$defs/{schema}", "$defs": self.definitions}
            self._checkers[schema] = Checker(f"{self.name} {schema}", whole)
        return self._checkers[schema]

    def check_answer(self, method_id: str, body: Any) -> None:
        """Raises: AnswerBreaksContract."""
        self.checker(self.methods[method_id].response).check(body)

    def parts(self, method_id: str) -> frozenset[str]:
        """Values that the parameter `part` of a YouTube list method takes: `id` and the item's nested objects."""
        listing = self.definitions[self.methods[method_id].response]
        item = self.definitions[listing["properties"]["items"]["items"]["$ref"].rsplit("/", 1)[-1]]
        return frozenset(item["properties"]) - {"kind", "etag"}


@functools.cache
def google_contract(name: str) -> GoogleContract:
    """The contract of ``youtube.v3``, ``gmail.v1`` or ``analyticsdata.v1beta``; read once in a process."""
    return GoogleContract(name)


def discovery_document(name: str) -> dict[str, Any]:
    """The discovery document as the installed client carries it.

    Raises:
        FileNotFoundError: the client is not installed, or its documents were pruned.
    """
    spec = find_spec("googleapiclient")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("google-api-python-client is not installed; the sandbox reads its discovery documents.")
    path = Path(spec.origin).parent / "discovery_cache" / "documents" / f"{name}.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _methods(node: Mapping[str, Any], prefix: str = "") -> list[Method]:
    found = []
    for resource_name, resource in node.get("resources", {}).items():
        for name, method in resource.get("methods", {}).items():
            found.append(
                Method(
                    id=f"{prefix}{resource_name}.{name}",
                    http_method=method["httpMethod"],
                    path=method["path"],
                    parameters=method.get("parameters", {}),
                    request=method.get("request", {}).get("$ref"),
                    response=method.get("response", {}).get("$ref", ""),
                )
            )
        found += _methods(resource, f"{prefix}{resource_name}.")
    return found


def _convert(node: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """One schema of a discovery document (an old draft with `$ref` by bare name) as JSON Schema 2020-12."""
    if "$ref" in node:
        return {"$ref": f"#/$defs/{node['$ref']}"}
    out: dict[str, Any] = {}
    if node.get("type", "any") != "any":
        out["type"] = node["type"]
    if "enum" in node:
        out["enum"] = node["enum"]
    if name == "kind" and "default" in node:
        out["const"] = node["default"]
    if node.get("type") == "string" and node.get("format") in PATTERNS:
        out["pattern"] = PATTERNS[node["format"]]
    if "properties" in node:
        out["properties"] = {child: _convert(body, child) for child, body in node["properties"].items()}
    for keyword in ("items", "additionalProperties"):
        if keyword in node:
            out[keyword] = _convert(node[keyword])
    if out.get("type") == "object":
        out.setdefault("additionalProperties", False)
    return out


def _with_requirements(name: str, schema: dict[str, Any], required: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    if name in required:
        schema = schema | {"required": list(required[name])}
    return schema | dict(RULES.get(name, {}))
