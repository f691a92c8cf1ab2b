"""The fishbone (Ishikawa diagram) as coordinates: a spine to the missed figure, a bone for each category of causes."""

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CATEGORY_NAMES = {
    "people": "People",
    "process": "Process",
    "technology": "Technology",
    "data": "Data",
    "content": "Content",
    "channel": "Channel",
    "environment": "Surroundings",
    "measurement": "Measurement",
}
WIDTH = 1000
HEAD_WIDTH = 190
TAIL = 40
HALF_HEAD = 48
BONE_RISE = 46
TWIG_HEIGHT = 44
LABEL_HEIGHT = 34
SLANT = 0.42
LINE_LENGTH = 34
LINES_A_CAUSE = 2
WIDEST_SLOT = 400


@dataclass(frozen=True)
class Twig:
    """One cause: a horizontal line that meets its bone at (x2, y); `lines` is its shortened text."""

    finding_key: str
    side: str
    weight: float
    x1: float
    x2: float
    y: float
    lines: tuple[str, ...]
    statement: str


@dataclass(frozen=True)
class Bone:
    """One category: a slanted line from its label (x1, y1) to the spine (x2, y2)."""

    label: str
    x1: float
    y1: float
    x2: float
    y2: float
    label_y: float
    twigs: tuple[Twig, ...]


@dataclass(frozen=True)
class Fishbone:
    """A drawing of `width` by `height` units from `left` on, with its spine at `spine_y`."""

    title: str
    kpi_key: str | None
    left: float
    width: float
    height: float
    spine_y: float
    spine_end: float
    head_lines: tuple[str, ...]
    bones: tuple[Bone, ...]


def draw_fishbones(findings: Sequence[Mapping[str, Any]], kpi_names: Mapping[str, str]) -> list[Fishbone]:
    """A fishbone for each missed KPI; findings of no KPI come last, in one of their own."""
    by_kpi: dict[str | None, list[Mapping[str, Any]]] = defaultdict(list)
    for finding in findings:
        by_kpi[finding["kpi_key"]].append(finding)
    ordered = sorted(by_kpi, key=lambda key: (key is None, key or ""))
    return [
        _draw(kpi_names.get(key, key) + " missed" if key else "What else went wrong", key, by_kpi[key])
        for key in ordered
    ]


def _draw(title: str, kpi_key: str | None, findings: Sequence[Mapping[str, Any]]) -> Fishbone:
    by_category: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for finding in findings:
        by_category[finding["category"]].append(finding)
    categories = sorted(by_category, key=lambda name: -max(finding["weight"] for finding in by_category[name]))
    upper, lower = categories[::2], categories[1::2]
    spine_y = _height_of(by_category, upper)
    spine_end = WIDTH - HEAD_WIDTH
    slot = min(spine_end / max(len(upper), 1), WIDEST_SLOT)
    bones = []
    for names, direction in ((upper, -1), (lower, 1)):
        for number, name in enumerate(names):
            # The heaviest cause sits next to the head, where people look first.
            foot = spine_end - number * slot - (0.02 if direction < 0 else 0.16) * slot
            bones.append(_bone(name, by_category[name], foot, spine_y, direction, slot))
    left = min((twig.x1 for bone in bones for twig in bone.twigs), default=spine_end) - TAIL
    return Fishbone(
        title=title,
        kpi_key=kpi_key,
        left=left,
        width=WIDTH - left,
        height=max(spine_y, HALF_HEAD) + max(_height_of(by_category, lower), HALF_HEAD),
        spine_y=spine_y,
        spine_end=spine_end,
        head_lines=tuple(textwrap.wrap(title, 17)[:4]),
        bones=tuple(bones),
    )


def _height_of(by_category: Mapping[str, Sequence[Any]], names: Sequence[str]) -> float:
    most = max((len(by_category[name]) for name in names), default=0)
    return BONE_RISE + most * TWIG_HEIGHT + LABEL_HEIGHT if most else 0.0


def _bone(
    name: str, findings: Sequence[Mapping[str, Any]], foot: float, spine_y: float, direction: int, slot: float
) -> Bone:
    length = BONE_RISE + len(findings) * TWIG_HEIGHT
    tip_y = spine_y + direction * length
    tip_x = foot - SLANT * length
    twigs = []
    for number, finding in enumerate(sorted(findings, key=lambda item: -item["weight"])):
        y = spine_y + direction * (BONE_RISE + (number + 0.35) * TWIG_HEIGHT)
        meets = foot - SLANT * abs(y - spine_y)
        twigs.append(
            Twig(
                finding_key=finding["finding_key"],
                side=finding["side"],
                weight=finding["weight"],
                x1=meets - min(slot * 0.8, 270),
                x2=meets,
                y=y,
                lines=_shorten(finding["statement"]),
                statement=finding["statement"],
            )
        )
    label_y = tip_y - 10 if direction < 0 else tip_y + 20
    return Bone(CATEGORY_NAMES.get(name, name), tip_x, tip_y, foot, spine_y, label_y, tuple(twigs))


def _shorten(statement: str) -> tuple[str, ...]:
    lines = textwrap.wrap(statement, LINE_LENGTH)
    if len(lines) <= LINES_A_CAUSE:
        return tuple(lines)
    kept = lines[:LINES_A_CAUSE]
    return (*kept[:-1], kept[-1][: LINE_LENGTH - 1].rstrip(" ,.;") + "…")
