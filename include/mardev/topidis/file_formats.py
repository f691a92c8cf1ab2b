"""The file formats a graph is written in. Light: nothing of numpy, so that pages may offer them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mardev.topidis.gdf import gdf_lines
from mardev.topidis.gexf import gexf_lines
from mardev.topidis.graph_csv import edge_csv_lines, node_csv_lines
from mardev.topidis.graph_document import GraphDocument
from mardev.topidis.graphml import graphml_lines


@dataclass(frozen=True)
class FileFormat:
    """How a document becomes a file.

    Attributes
    ----------
    suffix : end of the file's name, with the dot
    lines : document to its lines, each with its end
    """

    suffix: str
    media_type: str
    lines: Callable[[GraphDocument], Iterator[str]]


FORMATS: Mapping[str, FileFormat] = {
    "gexf": FileFormat(".gexf", "application/gexf+xml", gexf_lines),
    "graphml": FileFormat(".graphml", "application/graphml+xml", graphml_lines),
    "gdf": FileFormat(".gdf", "text/plain; charset=utf-8", gdf_lines),
    "csv": FileFormat(".csv", "text/csv; charset=utf-8", edge_csv_lines),
    "creators.csv": FileFormat(".creators.csv", "text/csv; charset=utf-8", node_csv_lines),
}
"""`csv` has the follows, `creators.csv` who the creators are."""
