"""Graph files of other programs, whole and damaged."""

import gzip
import io

import pytest

from mardev.errors import FixFirst
from mardev.topidis.read_graph import ReadGraph, read_graph


def read(text: str | bytes) -> ReadGraph:
    return read_graph(io.BytesIO(text.encode() if isinstance(text, str) else text))


def pairs(graph: ReadGraph) -> list[tuple[str, str, float]]:
    return [(edge.source, edge.target, edge.weight) for edge in graph.document.edges]


def test_gexf_of_an_older_version_and_of_undirected_edges_is_read_both_ways():
    graph = read(
        '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph defaultedgetype="undirected">'
        '<nodes><node id="a" label="A"/><node id="b"/></nodes><edges><edge source="a" target="b" weight="2"/></edges>'
        "</graph></gexf>"
    )
    assert pairs(graph) == [("a", "b", 2.0), ("b", "a", 2.0)]
    assert "no direction" in graph.notes[0]
    assert [node.label for node in graph.document.nodes] == ["A", "b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\nb,c\n", [("a", "b", 1.0), ("b", "c", 1.0)]),
        ("# SNAP\n0\t1\n1\t2\n", [("0", "1", 1.0), ("1", "2", 1.0)]),
        ("a b 2.5\n", [("a", "b", 2.5)]),
        ("Gewicht;Ziel;Quelle\n2.5;b;a\n", [("a", "b", 2.5)]),
        ("weight,target,source\n2,b,a\n", [("a", "b", 2.0)]),
        ("\ufefffrom,to\nann,bob\n", [("ann", "bob", 1.0)]),
        ('Source,Target,Type,Weight\n"x, y",b,Directed,1\n', [("x, y", "b", 1.0)]),
    ],
)  # fmt: skip
def test_an_edge_list_is_read_in_any_order_of_columns_and_with_any_separator(text, expected):
    assert pairs(read(text)) == expected


def test_utf_16_and_gzip_are_opened():
    assert pairs(read("source,target\nä,b\n".encode("utf-16"))) == [("ä", "b", 1.0)]
    assert pairs(read(gzip.compress(b"a,b\n"))) == [("a", "b", 1.0)]


def test_what_an_edge_list_cannot_tell_is_left_out_and_counted():
    graph = read("source,target,weight\na,a,1\na,b,x\na,,1\na,b,-1\na,b,3\n")
    assert pairs(graph) == [("a", "b", 3.0)]
    assert [note.split(" ")[0] for note in graph.notes] == ["1", "1", "2"]


def test_parallel_evidence_is_added_up_in_the_arrays():
    follows = read("source,target,kind\na,b,subscribes\na,b,mentions\nb,c,follows\n").to_follow_graph()
    assert follows.nodes == ("a", "b", "c")
    assert follows.weight.tolist() == [2.0, 1.0]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_a_file_without_an_edge_is_an_empty_graph(text):
    graph = read(text)
    assert graph.to_follow_graph().node_count == 0
    assert graph.notes == ("The file has no edge.",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04....", "Excel workbook"),
        (b"<gexf><graph><nodes>", "damaged at line 1"),
        (b'<!DOCTYPE g [<!ENTITY a "aaaa">]><graphml>&a;</graphml>', "entities"),
        (b"one\ntwo\n", "two columns"),
        (b"\x1f\x8b\x08\x00damaged", "damaged"),
    ],
)
def test_what_is_no_graph_says_what_to_do(content, told):
    with pytest.raises(FixFirst, match=told):
        read(content)
