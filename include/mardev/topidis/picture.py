"""The graph as a static picture, for reports and for browsers that cannot draw it."""

import io
import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mardev.topidis.graph import FloatArray, FollowGraph, IntArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#b8a800", "#7f3c8d")
"""Colours told apart with any colour vision (Okabe and Ito; its yellow darkened for white paper, a violet added)."""
OTHERS = "#9aa0a6"
INK = "#1f2430"
NAMED_COMMUNITIES = 3 * len(PALETTE)
"""The largest communities are coloured and named where they lie; colours repeat, the rest is grey."""
DRAWN_EDGES = 12_000
"""More lines than this are a grey fog: the heaviest and then the most influential are kept."""
FONTS = ("DejaVu Sans", "Noto Sans CJK JP", "Noto Serif CJK JP", "IPAGothic", "IPAexGothic", "TakaoGothic", "VL Gothic")
"""Asked for in this order, those present are used; without a Japanese one its letters show as boxes."""


def draw_graph(
    graph: FollowGraph,
    positions: FloatArray,
    labels: IntArray,
    influence: FloatArray,
    *,
    names: Sequence[str],
    community_labels: Mapping[int, str],
    title: str = "",
    highlight: Collection[int] = (),
    named_count: int = 24,
    image_format: Literal["png", "svg"] = "png",
) -> bytes:
    """Draw the graph: communities in colour, size by influence, the most influential by name.

    Parameters
    ----------
    graph : n channels
    positions : (n, 2) as `community_layout` makes them
    labels, influence : (n,) community and score of each channel
    names : n names to show, in any script
    community_labels : community number -> name, written above each of the largest
    highlight : nodes to ring, for instance the shortlist; they are named first
    named_count : how many names at most

    Returns
    -------
    bytes of an image, 1,600 x 1,000 pixels (png) or the same as vectors (svg)

    Raises
    ------
    ValueError
        An array or `names` is not of length n.

    Notes
    -----
    The same input gives the same bytes: no date and no random identifier is written.
    """
    n = graph.node_count
    if not (positions.shape == (n, 2) and len(labels) == len(influence) == len(names) == n):
        raise ValueError(f"positions, labels, influence and names must have {n} entries, one for each channel")
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style: dict[str, Any] = {"font.family": _present_fonts(), "svg.hashsalt": "mardev", "svg.fonttype": "path"}
    with mpl.rc_context(style):
        figure = Figure(figsize=(16, 10), dpi=100, facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.01, 0.04, 0.98, 0.89))
        axes.set_axis_off()
        axes.set_aspect("equal")
        if n:
            sizes, colours = _dot_sizes(influence), _colours(positions, labels)
            _draw_edges(axes, graph, positions, influence, labels, colours)
            _draw_nodes(axes, positions, [colours[label] for label in labels], sizes, sorted(highlight))
            _write_names(axes, positions, influence, names, sorted(highlight), named_count)
            _name_communities(axes, positions, labels, colours, community_labels)
        _write_around(figure, graph, title, bool(highlight))
        return _saved(figure, image_format)


def _saved(figure: "Figure", image_format: str) -> bytes:
    import logging
    import warnings

    buffer = io.BytesIO()
    metadata = {"Date": None, "Creator": "MarDev"} if image_format == "svg" else {"Software": "MarDev"}
    with warnings.catch_warnings():
        # A letter that no font here has is drawn as a box; the picture is still worth having.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        figure.savefig(buffer, format=image_format, metadata=metadata)
    return buffer.getvalue()


def _present_fonts() -> list[str]:
    from matplotlib import font_manager

    there = set(font_manager.get_font_names())
    return [name for name in FONTS if name in there] or ["DejaVu Sans"]


def _colours(positions: FloatArray, labels: IntArray) -> list[str]:
    """A colour for each community: the one whose nearest bearer is farthest away, so neighbours differ."""
    count = int(labels.max()) + 1 if len(labels) else 0
    colours: list[str] = []
    middles: list[FloatArray] = []
    for number in range(count):
        members = positions[labels == number]
        if number >= NAMED_COMMUNITIES or not len(members):
            colours.append(OTHERS)
            continue
        middle = members.mean(axis=0)
        nearest = dict.fromkeys(PALETTE, math.inf)
        for colour, other in zip((c for c in colours if c != OTHERS), middles, strict=True):
            nearest[colour] = min(nearest[colour], float(np.hypot(*(middle - other))))
        colours.append(max(PALETTE, key=lambda colour: nearest[colour]))
        middles.append(middle)
    return colours


def _dot_sizes(influence: FloatArray) -> FloatArray:
    """(n,) dot areas in square points; the square root keeps hubs from covering their neighbours."""
    relative = np.sqrt(influence / max(float(influence.max()), 1e-300))
    base = 700 / math.sqrt(max(len(influence), 1)) + 2
    return np.asarray(base * (0.15 + 6 * relative**1.5))


def _draw_edges(
    axes: "Axes",
    graph: FollowGraph,
    positions: FloatArray,
    influence: FloatArray,
    labels: IntArray,
    colours: Sequence[str],
) -> None:
    from matplotlib.collections import LineCollection

    low, high, weight = graph.undirected()
    if len(low) > DRAWN_EDGES:
        kept = np.lexsort((-(influence[low] + influence[high]), -weight))[:DRAWN_EDGES]
        low, high = low[kept], high[kept]
    lines = np.stack((positions[low], positions[high]), axis=1)
    inside = labels[low] == labels[high]
    shades = [colours[labels[u]] if same else OTHERS for u, same in zip(low, inside, strict=True)]
    faint = float(np.clip(250 / max(len(low), 1), 0.04, 0.35))
    axes.add_collection(LineCollection(list(lines), colors=shades, linewidths=0.4, alpha=faint, rasterized=True))


def _draw_nodes(
    axes: "Axes", positions: FloatArray, colours: Sequence[str], sizes: FloatArray, highlight: Sequence[int]
) -> None:
    order = np.argsort(sizes, kind="stable")
    axes.scatter(
        positions[order, 0], positions[order, 1], s=sizes[order], c=[colours[node] for node in order],
        linewidths=0.3, edgecolors="white", alpha=0.9, zorder=2,
    )  # fmt: skip
    if highlight:
        ringed = np.array(highlight)
        axes.scatter(
            positions[ringed, 0], positions[ringed, 1], s=sizes[ringed] + 60, facecolors="none",
            edgecolors=INK, linewidths=1.6, zorder=3,
        )  # fmt: skip
    margin = 0.06
    axes.set_xlim(positions[:, 0].min() - margin, positions[:, 0].max() + margin)
    axes.set_ylim(positions[:, 1].min() - margin, positions[:, 1].max() + margin)


def _write_names(
    axes: "Axes", positions: FloatArray, influence: FloatArray, names: Sequence[str],
    highlight: Sequence[int], named_count: int,
) -> None:  # fmt: skip
    """Names of the highlighted, then of the most influential; one that would cover another is left out."""
    by_influence = np.argsort(-influence, kind="stable").tolist()
    first = [node for node in by_influence if node in set(highlight)]
    span = float(np.ptp(positions[:, 0])) or 1.0
    written: list[tuple[float, float, float]] = []
    for node in dict.fromkeys([*first, *by_influence]):
        if len(written) >= named_count:
            break
        name = shown_name(names[node])
        width = sum(2 if ord(letter) > 0x2E80 else 1 for letter in name) * span * 0.0052 + span * 0.012
        x, y = float(positions[node, 0]), float(positions[node, 1]) + span * 0.011
        if any(
            abs(x - other) < (width + taken) / 2 and abs(y - level) < span * 0.018 for other, level, taken in written
        ):
            continue
        written.append((x, y, width))
        axes.text(
            x, y, name, fontsize=8.5, color=INK, ha="center", va="bottom", zorder=4, path_effects=_outline(),
            parse_math=False, clip_on=False,
        )  # fmt: skip


def _name_communities(
    axes: "Axes",
    positions: FloatArray,
    labels: IntArray,
    colours: Sequence[str],
    community_labels: Mapping[int, str],
) -> None:
    """Name and size above each of the largest communities, in its colour, wrapped so that neighbours stay free."""
    import textwrap

    sizes = np.bincount(labels)
    for number in range(min(NAMED_COMMUNITIES, len(sizes))):
        if sizes[number] * 100 < len(labels) or number not in community_labels:
            continue
        members = positions[labels == number]
        name = f"{shown_name(community_labels[number], 40)} · {int(sizes[number]):,}"
        axes.text(
            float(members[:, 0].mean()), float(members[:, 1].max()) + 0.015,
            "\n".join(textwrap.wrap(name, 22)),
            fontsize=9.5, weight="bold", color=colours[number], ha="center", va="bottom", zorder=5, parse_math=False,
            path_effects=_outline(), clip_on=False, linespacing=1.0,
        )  # fmt: skip


def _outline() -> list[Any]:
    from matplotlib import patheffects

    return [patheffects.withStroke(linewidth=2.5, foreground="white")]


def shown_name(name: str, longest: int = 26) -> str:
    """A name short enough for the picture, on one line.

    Examples
    --------
    >>> shown_name("A very long channel name that goes on")
    'A very long channel name…'
    """
    plain = " ".join("".join(letter for letter in name if letter.isprintable()).split())
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def _write_around(figure: "Figure", graph: FollowGraph, title: str, ringed: bool) -> None:
    if title:
        figure.text(0.02, 0.955, title, fontsize=17, color=INK, weight="bold", parse_math=False)
    note = f"{graph.node_count:,} channels, {graph.edge_count:,} endorsements. "
    note += "Dot size: influence (PageRank). Colour: community."
    if ringed:
        note += " Ring: on the shortlist."
    figure.text(0.02, 0.015, note, fontsize=10, color="#5f6368")
