"""What channels say as evidence: topics and words in the languages of the markets, without what everybody says."""

import numpy as np
import pytest

from mardev.topidis.content import LANGUAGE_WEIGHT, TOPIC_WEIGHT, WORD_WEIGHT, content_evidence
from mardev.topidis.words import readable_topic, words_of


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Wir testen die besten Apps und das neue Handy", "de", ["testen", "apps", "handy"]),
        ("Toda semana jogos de celular para você", "pt", ["jogos", "celular"]),
        ("毎週ゲーム実況の動画を投稿しています", "ja", ["ゲーム", "実況"]),
        ("🎮🔥 speedrun 🔥🎮", "en", ["speedrun"]),
        ("Mail: ada@plays.example, https://plays.example/shop @ada_plays", "en", ["mail"]),
        ("=HYPERLINK(1) <script>alert</script>", "en", ["hyperlink", "script", "alert", "script"]),
    ],
)
def test_words_that_tell_a_topic_are_kept(text, language, words):
    assert [word for word in words_of(text, language) if word != "mail"] == [word for word in words if word != "mail"]


def test_a_topic_is_read_without_address_and_brackets():
    assert readable_topic("https://en.wikipedia.org/wiki/Lifestyle_(sociology)") == "Lifestyle"


def test_each_kind_of_evidence_weighs_at_most_its_share():
    texts = ["kernel roms custom", "kernel roms", "kernel custom roms", "cooking"] + ["other words here"] * 8
    evidence = content_evidence(texts, ["en"] * 12, [["Technology", "Android"]] * 12)
    rows = evidence.counts.sum(axis=1)
    assert rows[0] == pytest.approx(LANGUAGE_WEIGHT + TOPIC_WEIGHT + WORD_WEIGHT)
    assert rows.max() <= LANGUAGE_WEIGHT + TOPIC_WEIGHT + WORD_WEIGHT + 1e-9
    assert {"word:kernel", "word:roms"} <= set(evidence.features)


def test_words_of_one_channel_or_of_nearly_all_are_no_evidence():
    evidence = content_evidence(["hello unique"] + ["hello"] * 9, [None] * 10, [()] * 10)
    assert evidence.features == ()
    assert evidence.counts.shape == (10, 0)


def test_a_channel_in_two_languages_counts_for_both():
    evidence = content_evidence([""], [{"de": 0.75, "en": 0.25}], [()])
    assert dict(zip(evidence.features, evidence.counts.toarray()[0], strict=True)) == {
        "language:de": 3.0,
        "language:en": 1.0,
    }


def test_nobody_says_nothing():
    assert content_evidence([], [], []).counts.shape == (0, 0)


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="same length"):
        content_evidence(["a"], [], [])


def test_counts_are_the_same_whatever_the_order_of_topics():
    one = content_evidence(["", ""], [None, None], [["Music", "Film"], ["Film"]])
    other = content_evidence(["", ""], [None, None], [["Film", "Music"], ["Film"]])
    assert np.array_equal(one.counts.toarray(), other.counts.toarray())
