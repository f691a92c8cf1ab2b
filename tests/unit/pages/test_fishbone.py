"""The fishbone's coordinates: bones on both sides, the heaviest cause next to the head, nothing outside the picture."""

from mardev.pages.fishbone import draw_fishbones


def finding(key: str, category: str, weight: float, kpi_key: str | None = "conversions"):
    return {
        "finding_key": key, "kpi_key": kpi_key, "side": "marketing", "category": category, "weight": weight,
        "statement": f"{key} went wrong for quite a long time and for many people in several markets",
    }  # fmt: skip


FINDINGS = [
    finding("a", "technology", 0.5), finding("b", "process", 0.2), finding("c", "content", 0.1),
    finding("d", "content", 0.3), finding("e", "people", 0.05), finding("f", "data", 0.0, kpi_key=None),
]  # fmt: skip


def test_each_missed_figure_has_its_own_fish_and_the_rest_come_last():
    fishes = draw_fishbones(FINDINGS, {"conversions": "Conversions"})
    assert [fish.title for fish in fishes] == ["Conversions missed", "What else went wrong"]


def test_the_heaviest_cause_stands_next_to_the_head():
    fish = draw_fishbones(FINDINGS, {})[0]
    assert max(fish.bones, key=lambda bone: bone.x2).label == "Technology"


def test_everything_lies_inside_the_picture():
    for fish in draw_fishbones(FINDINGS, {}):
        for bone in fish.bones:
            assert 0 <= bone.label_y <= fish.height
            for twig in bone.twigs:
                assert fish.left < twig.x1 < twig.x2 < fish.spine_end
                assert 0 < twig.y < fish.height
                assert all(len(line) <= 34 for line in twig.lines)


def test_no_two_causes_lie_on_top_of_each_other():
    fish = draw_fishbones(FINDINGS, {})[0]
    places = [(twig.x1, twig.y) for bone in fish.bones for twig in bone.twigs]
    assert len(places) == len(set(places)) == 5


def test_no_findings_draw_nothing():
    assert draw_fishbones([], {}) == []
