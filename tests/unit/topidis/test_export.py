import csv
import io

import pytest

from builders.graph_documents import HOSTILE, small_document
from mardev.topidis.export import document_of
from mardev.topidis.file_formats import FORMATS
from mardev.topidis.graph import FollowGraph
from mardev.topidis.graph_document import GraphDocument, Node
from mardev.topidis.read_graph import read_graph

GRAPH = FollowGraph.from_edges(["youtube:A", "youtube:B"], [("youtube:A", "youtube:B", 2.5)])


def written(document: GraphDocument, name: str) -> bytes:
    return "".join(FORMATS[name].lines(document)).encode()


@pytest.mark.parametrize("name", ["gexf", "graphml"])
def test_a_file_read_back_has_every_creator_follow_and_attribute(name):
    read = read_graph(io.BytesIO(written(small_document(), name)))
    there, expected = read.document, small_document()
    assert read.format == name
    assert read.notes == ()
    assert list(there.node_attributes) == list(expected.node_attributes)
    assert list(there.edge_attributes) == list(expected.edge_attributes)
    assert there.nodes == expected.nodes
    assert there.edges == expected.edges


@pytest.mark.parametrize("name", ["gexf", "graphml"])
def test_what_xml_cannot_hold_is_marked(name):
    read = read_graph(io.BytesIO(written(GraphDocument([Node("a\x00", "b\ud800\x0b")], []), name)))
    assert [(node.key, node.label) for node in read.document.nodes] == [("a\ufffd", "b\ufffd\ufffd")]


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_graph_is_a_valid_file(name):
    text = written(GraphDocument([], []), name)
    assert text.endswith(b"\n")
    if name in ("gexf", "graphml"):
        assert read_graph(io.BytesIO(text)).document.nodes == []


def test_gdf_has_two_tables_of_the_declared_width():
    nodes, _, edges = written(small_document(), "gdf").decode().partition("edgedef>")
    header, *rows = nodes.splitlines()
    assert header.startswith("nodedef>name VARCHAR,label VARCHAR,rank INTEGER,subscribers DOUBLE")
    read = list(csv.reader(rows))
    assert {len(row) for row in read} == {len(header.split(","))}
    assert read[0][1] == HOSTILE.replace('"', "'")
    assert read[2][1] == "tab and line 10"
    edge_header, *edge_rows = edges.splitlines()
    assert {len(row) for row in csv.reader(edge_rows)} == {len(edge_header.split(","))}
    assert [row[4] for row in csv.reader(edge_rows)] == ["subscribes", "mentions", "follows"]
    assert {row[3] for row in csv.reader(edge_rows)} == {"true"}


def test_the_csv_of_follows_has_the_columns_gephi_wants_and_one_line_for_each_kind_of_evidence():
    rows = list(csv.DictReader(io.StringIO(written(small_document(), "csv").decode())))
    assert [(row["Source"], row["Target"], row["Type"], row["Weight"], row["kind"]) for row in rows] == [
        ("youtube:A", "youtube:B", "Directed", "2.5", "subscribes"),
        ("youtube:A", "youtube:B", "Directed", "1.0", "mentions"),
        ("bluesky:ann.example", "youtube:A", "Directed", repr(1 / 3), "follows"),
    ]


def test_the_csv_of_creators_defuses_formulas():
    rows = list(csv.DictReader(io.StringIO(written(small_document(), "creators.csv").decode(), newline="")))
    assert rows[0]["Label"] == HOSTILE
    assert rows[1]["Label"] == "'=2+5"
    assert rows[1]["subscribers"] == ""


def test_the_csv_of_follows_reads_back_as_the_same_graph():
    read = read_graph(io.BytesIO(written(small_document(), "csv")))
    assert [(edge.source, edge.target, edge.weight, edge.kind) for edge in read.document.edges] == [
        (edge.source, edge.target, edge.weight, edge.kind) for edge in small_document().edges
    ]


def test_a_graph_of_arrays_becomes_a_document():
    document = document_of(GRAPH, {"label": ["a", "b"], "x": [0.5, -0.5], "y": [0, 1], "community": [0, 1]})
    (first, _), (edge,) = list(document.nodes), list(document.edges)
    assert (first.label, first.position, list(first.values)) == ("a", (0.5, 0.0), [0])
    assert (edge.source, edge.target, edge.weight) == ("youtube:A", "youtube:B", 2.5)


def test_values_of_another_length_are_refused():
    with pytest.raises(ValueError, match="influence has 1 values"):
        document_of(GRAPH, {"influence": [1.0]})
