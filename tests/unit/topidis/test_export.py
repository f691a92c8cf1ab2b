import csv
import io
from xml.etree import ElementTree

import networkx
import pytest

from mardev.topidis.export import to_edge_csv, to_gexf, to_graphml, to_node_csv
from mardev.topidis.graph import FollowGraph

GRAPH = FollowGraph.from_edges(["youtube:A", "youtube:B"], [("youtube:A", "youtube:B", 2.5)])
VALUES = {
    "label": ['<Ann> & "co"', "=1+1"],
    "x": [0.5, -0.5],
    "y": [0.0, 1.0],
    "community": [0, 1],
    "influence": [0.25, 0.75],
}
GEXF = {"g": "http://gexf.net/1.3", "v": "http://gexf.net/1.3/viz"}


def test_gexf_has_version_places_and_weights():
    root = ElementTree.fromstring(to_gexf(GRAPH, VALUES))
    assert root.get("version") == "1.3"
    first = root.find(".//g:node", GEXF)
    assert first.get("label") == '<Ann> & "co"'
    assert first.find("v:position", GEXF).get("x") == "0.5"
    assert root.find(".//g:edge", GEXF).get("weight") == "2.5"
    assert [a.get("type") for a in root.findall(".//g:attribute", GEXF)] == ["long", "double"]


def test_gexf_marks_what_xml_cannot_hold():
    root = ElementTree.fromstring(to_gexf(GRAPH, {"label": ["a\x00", "b"]}))
    assert root.find(".//g:node", GEXF).get("label") == "a\ufffd"


def test_gexf_refuses_values_of_another_length():
    with pytest.raises(ValueError, match="label has 1 values"):
        to_gexf(GRAPH, {"label": ["a"]})


def test_graphml_reads_back_the_same():
    read = networkx.parse_graphml(to_graphml(GRAPH, VALUES).decode())
    assert read.nodes["youtube:A"]["influence"] == 0.25
    assert read.edges["youtube:A", "youtube:B"]["weight"] == 2.5


def test_edge_csv_has_the_columns_gephi_wants():
    assert to_edge_csv(GRAPH).decode() == "Source,Target,Type,Weight\nyoutube:A,youtube:B,Directed,2.5\n"


def test_node_csv_defuses_formulas():
    rows = list(csv.DictReader(io.StringIO(to_node_csv(GRAPH, VALUES).decode())))
    assert rows[0]["Label"] == '<Ann> & "co"'
    assert rows[1]["Label"] == "'=1+1"


def test_values_of_another_length_are_refused():
    with pytest.raises(ValueError, match="influence has 1 values"):
        to_node_csv(GRAPH, {"influence": [1.0]})
