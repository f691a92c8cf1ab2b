"""Discovery, ranking and verticals measured against known truth: the frozen world and real data.

Each part is a module with ``figures() -> dict[str, float]`` and ``TARGETS``; one that is not there leaves its figures
out, and the answer says so.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.twitch import FOLDER

Progress = Callable[[str, float], None]
PARTS = ("topidis_verticals", "topidis_ranks", "topidis_pods")
FIXED_KEYS = (
    "community_nmi", "rank_interval_coverage", "rank_interval_median_width_share", "separable_pair_share",
    "separable_flip_share", "coverage_error_points", "pod_precision", "pod_recall", "twitch_language_nmi",
    "twitch_views_rank_correlation",
)  # fmt: skip
COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda value, limit: value >= limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    "<": lambda value, limit: value < limit,
}


def run(progress: Progress) -> dict[str, Any]:
    """All figures; `met` is True when every target has its figure and each holds."""
    figures: dict[str, float] = {}
    targets: dict[str, tuple[str, float]] = {}
    for number, part in enumerate(PARTS):
        progress(part.removeprefix("topidis_"), number / len(PARTS))
        module = import_module(f"benchmarks.{part}")
        figures |= module.figures()
        targets |= module.TARGETS
    ordered = [key for key in FIXED_KEYS if key in figures] + sorted(set(figures) - set(FIXED_KEYS))
    return {
        "name": "topidis",
        "figures": {key: round(float(figures[key]), 4) for key in ordered},
        "targets": targets,
        "met": all_met(figures, targets),
        "context": {
            "missing": [key for key in FIXED_KEYS if key not in figures],
            "world": "benchmarks/worlds/standard.json",
            "real_data": "twitch_musae" if FOLDER.is_dir() else "none beside the project: Twitch figures left out",
            "how_to_read": (
                "Topics and languages are exact in the frozen world, so the communities stand beside what the graph "
                "or the content alone give. The four Twitch graphs share no edge: their language can be told from "
                "the connected parts, the rewired figures are harder."
            ),
        },
    }


def all_met(figures: dict[str, float], targets: dict[str, tuple[str, float]]) -> bool:
    """Whether each target has its figure and the figure holds.

    Examples
    --------
    >>> all_met({"reach": 0.9}, {"reach": (">=", 0.8)}), all_met({}, {"reach": (">=", 0.8)})
    (True, False)
    """
    return all(key in figures and COMPARE[sign](figures[key], limit) for key, (sign, limit) in targets.items())
