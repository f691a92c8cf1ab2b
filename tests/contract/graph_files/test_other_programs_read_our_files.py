"""GEXF against its schema, and every attribute as the readers of Gephi Lite and of NetworkX see it."""

import json
import subprocess
from pathlib import Path

import networkx
import pytest

from builders.graph_documents import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, small_document
from mardev.settings import PROJECT_ROOT
from mardev.topidis.file_formats import FORMATS
from mardev.topidis.graph_document import Edge, GraphDocument, Node

SPECIFICATION = PROJECT_ROOT.parent / "shared" / "specs" / "gexf" / "gexf.xsd"
READER = """
import {createRequire} from "module";
import {readFileSync} from "fs";
const require = createRequire(process.argv[2] + "/");
const Graph = require("graphology");
const gexf = require("graphology-gexf");
const graph = gexf.parse(Graph, readFileSync(process.argv[3], "utf8"));
console.log(JSON.stringify({
  type: graph.type, multi: graph.multi,
  nodes: Object.fromEntries(graph.mapNodes((key, attributes) => [key, attributes])),
  edges: graph.mapEdges((key, attributes, source, target) => ({...attributes, source, target})),
}));
"""


def node_values(node: Node) -> dict[str, object]:
    """What a reader must find of a node."""
    declared = zip((attribute.title for attribute in NODE_ATTRIBUTES), node.values, strict=True)
    x, y = node.position or (None, None)
    return {name: value for name, value in declared if value is not None} | {"x": x, "y": y, "size": node.size}


def edge_values(edge: Edge) -> dict[str, object]:
    declared = zip((attribute.title for attribute in EDGE_ATTRIBUTES), edge.values, strict=True)
    return {name: value for name, value in declared if value is not None} | {"weight": edge.weight, "kind": edge.kind}


@pytest.fixture
def gexf_file(tmp_path) -> Path:
    path = tmp_path / "graph.gexf"
    path.write_text("".join(FORMATS["gexf"].lines(small_document())), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("document", [small_document(), GraphDocument([], [])], ids=["full", "empty"])
def test_gexf_is_valid_by_the_schema_of_version_1_3(document, tmp_path):
    if not SPECIFICATION.exists():
        pytest.skip(f"the schema is not at {SPECIFICATION}")
    xmlschema = pytest.importorskip("xmlschema", reason="xmlschema validates; it comes with the extra `dev`")
    path = tmp_path / "graph.gexf"
    path.write_text("".join(FORMATS["gexf"].lines(document)), encoding="utf-8", newline="")
    xmlschema.XMLSchema(SPECIFICATION).validate(path)


def test_graphology_reads_every_attribute_of_our_gexf(gexf_file, graphology, tmp_path):
    program = tmp_path / "read.mjs"
    program.write_text(READER)
    done = subprocess.run(
        [graphology.node, program, graphology.folder, gexf_file], capture_output=True, text=True, check=True
    )
    seen = json.loads(done.stdout)
    expected = small_document()
    assert (seen["type"], seen["multi"]) == ("directed", True)
    assert {key: values.pop("label") for key, values in seen["nodes"].items()} == {
        node.key: node.label for node in expected.nodes
    }
    assert {key: without_depth(values) for key, values in seen["nodes"].items()} == {
        node.key: node_values(node) for node in expected.nodes
    }
    assert seen["edges"] == [
        edge_values(edge) | {"source": edge.source, "target": edge.target} for edge in expected.edges
    ]


@pytest.mark.parametrize(("name", "read"), [("gexf", networkx.read_gexf), ("graphml", networkx.read_graphml)])
def test_networkx_reads_every_attribute(name, read, tmp_path):
    path = tmp_path / f"graph.{name}"
    path.write_text("".join(FORMATS[name].lines(small_document())), encoding="utf-8", newline="")
    graph = read(path)
    expected = small_document()
    assert graph.is_multigraph()
    assert {key: values.pop("label") for key, values in graph.nodes(data=True)} == {
        node.key: node.label for node in expected.nodes
    }
    assert dict(graph.nodes(data=True)) == {node.key: node_values(node) for node in expected.nodes}
    edges = [
        {name: value for name, value in values.items() if name != "id"} | {"source": source, "target": target}
        for source, target, values in graph.edges(data=True)
    ]
    assert sorted(edges, key=identity) == sorted(
        (edge_values(edge) | {"source": edge.source, "target": edge.target} for edge in expected.edges), key=identity
    )


def identity(edge: dict[str, object]) -> tuple[str, ...]:
    return tuple(str(edge[name]) for name in ("source", "target", "kind"))


def without_depth(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != "z"}
