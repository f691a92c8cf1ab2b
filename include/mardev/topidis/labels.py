"""Names for communities: what their members talk about, in plain words.

The platform's own topics come first, because they mean the same in every language; the words of the members come
second, compared with those of other communities of the same language.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mardev.topidis.content import short_language
from mardev.topidis.graph import IntArray
from mardev.topidis.words import readable_topic, words_of

TERM_COUNT = 8
MINIMUM_TERM_CHANNELS = 2
LANGUAGE_NAMES = {
    "de": "German", "en": "English", "pt": "Portuguese", "ja": "Japanese", "es": "Spanish", "fr": "French",
    "it": "Italian", "pl": "Polish", "tr": "Turkish", "ko": "Korean", "nl": "Dutch", "id": "Indonesian",
}  # fmt: skip


@dataclass(frozen=True)
class VerticalLabel:
    """A community's name.

    Attributes
    ----------
    community_no : number of the community
    label : a few plain words a marketer understands, distinct within one graph ("Gaming (German)")
    terms : up to 8 words typical of it, most typical first
    topic : what it is about in the words of the platform, the same in every language; "" when the platform says nothing
    language : ISO 639-1 code of most members; "" when unknown
    """

    community_no: int
    label: str
    terms: tuple[str, ...]
    topic: str = ""
    language: str = ""


@dataclass(frozen=True)
class TopicGroup:
    """Communities about the same in different languages.

    Attributes
    ----------
    topic : in plain words
    community_nos : the communities, in rising order
    languages : codes of their main languages, in alphabetical order
    """

    topic: str
    community_nos: tuple[int, ...]
    languages: tuple[str, ...]


def label_communities(
    communities: IntArray,
    texts: Sequence[str],
    languages: Sequence[str | None],
    topics: Sequence[Sequence[str]],
) -> list[VerticalLabel]:
    """A name and typical words for each community.

    Parameters
    ----------
    communities : (n,) community number of each channel
    texts : n texts: title, description, tags, in any script
    languages : n language codes ("de", "pt-BR"), None when unknown
    topics : n lists of platform topics, plain ("Technology") or addresses (".../wiki/Video_game_culture")

    Returns
    -------
    list of VerticalLabel, one for each number in `communities`, in rising order

    Raises
    ------
    ValueError
        The lengths differ.

    Notes
    -----
    Topic: the one with the highest ``share inside * log(share inside / share overall)`` among those that at least a
    quarter of the members with topics have. Words: class-based TF-IDF [1]_, counted once per channel and compared only
    with communities of the same main language, so that a language's common words do not win. Words at least two
    members use. Japanese is cut where the script changes, long runs into pairs of characters.

    References
    ----------
    .. [1] Grootendorst, "BERTopic", 2022, section 3.3. arXiv:2203.05794

    Examples
    --------
    >>> import numpy as np
    >>> labels = label_communities(
    ...     np.array([0, 0, 1, 1]),
    ...     ["Speedrun raids", "raids daily", "Kernel roms", "roms and kernel"],
    ...     ["en"] * 4,
    ...     [["Video_game_culture"], ["Action_game"], ["Technology"], ["Technology"]],
    ... )
    >>> [(label.label, label.terms) for label in labels]
    [('Gaming (English)', ('raids',)), ('Technology (English)', ('kernel', 'roms'))]
    """
    if not len(communities) == len(texts) == len(languages) == len(topics):
        raise ValueError("communities, texts, languages and topics must be of the same length")
    members: dict[int, list[int]] = defaultdict(list)
    for node, community in enumerate(communities.tolist()):
        members[community].append(node)
    main_language = {
        number: _most_common(short_language(languages[node]) for node in nodes) for number, nodes in members.items()
    }
    readable = [{readable_topic(topic) for topic in given} for given in topics]
    topic = {number: _typical_topic(nodes, readable) for number, nodes in members.items()}
    words = [set(words_of(text, short_language(code) or None)) for text, code in zip(texts, languages, strict=True)]
    terms = _typical_terms(members, words, main_language)
    names = _distinct_names(sorted(members), topic, main_language, terms)
    return [
        VerticalLabel(number, names[number], terms[number], topic[number], main_language[number])
        for number in sorted(members)
    ]


def topic_groups(labels: Sequence[VerticalLabel]) -> list[TopicGroup]:
    """Communities merged across languages by topic, the topic of most communities first.

    Those that the platform names no topic for stay alone, under their own name.

    Examples
    --------
    >>> german, english = VerticalLabel(0, "x", (), "Gaming", "de"), VerticalLabel(1, "y", (), "Gaming", "en")
    >>> topic_groups([german, english])
    [TopicGroup(topic='Gaming', community_nos=(0, 1), languages=('de', 'en'))]
    """
    by_topic: dict[str, list[VerticalLabel]] = defaultdict(list)
    for label in labels:
        by_topic[label.topic or label.label].append(label)
    groups = [
        TopicGroup(
            topic,
            tuple(sorted(label.community_no for label in own)),
            tuple(sorted({label.language for label in own if label.language})),
        )
        for topic, own in by_topic.items()
    ]
    return sorted(groups, key=lambda group: (-len(group.community_nos), group.community_nos))


def _most_common(values: Iterable[str]) -> str:
    counts = Counter(value for value in values if value)
    return min(counts, key=lambda value: (-counts[value], value)) if counts else ""


def _typical_topic(nodes: Sequence[int], readable: Sequence[set[str]]) -> str:
    with_topics = [node for node in nodes if readable[node]]
    if not with_topics:
        return ""
    inside = Counter(topic for node in with_topics for topic in readable[node])
    overall = Counter(topic for given in readable for topic in given)
    everybody = sum(1 for given in readable if given)

    def score(topic: str) -> float:
        share = inside[topic] / len(with_topics)
        return share * (0.1 + max(0.0, math.log(share * everybody / overall[topic])))

    frequent = [topic for topic in inside if inside[topic] * 4 >= len(with_topics)]
    return min(frequent or list(inside), key=lambda topic: (-score(topic), topic))


def _typical_terms(
    members: dict[int, list[int]], words: Sequence[set[str]], main_language: dict[int, str]
) -> dict[int, tuple[str, ...]]:
    """Class-based TF-IDF: ``share of members using it * log(1 + mean words a community / uses in the language)``."""
    counts = {number: Counter(word for node in nodes for word in words[node]) for number, nodes in members.items()}
    by_language: dict[str, list[int]] = defaultdict(list)
    for number in members:
        by_language[main_language[number]].append(number)
    result: dict[int, tuple[str, ...]] = {}
    for numbers in by_language.values():
        overall: Counter[str] = Counter()
        for number in numbers:
            overall.update(counts[number])
        people = sum(len(members[number]) for number in numbers)
        for number in numbers:
            size = len(members[number])
            least = min(MINIMUM_TERM_CHANNELS, size)
            score = {
                word: count / size * math.log(1 + (count / size) / (overall[word] / people))
                for word, count in counts[number].items()
                if count >= least
            }
            result[number] = tuple(sorted(score, key=lambda word: (-score[word], word))[:TERM_COUNT])
    return result


def _distinct_names(
    numbers: Sequence[int], topic: dict[int, str], main_language: dict[int, str], terms: dict[int, tuple[str, ...]]
) -> dict[int, str]:
    def base(number: int) -> str:
        name = topic[number] or ", ".join(terms[number][:2]).capitalize() or "Mixed"
        language = main_language[number]
        return f"{name} ({LANGUAGE_NAMES.get(language, language)})" if language else name

    bases = {number: base(number) for number in numbers}
    shared = Counter(bases.values())
    names: dict[int, str] = {}
    used: set[str] = set()
    for number in numbers:
        name = bases[number]
        if shared[name] > 1:
            others = {
                word for other in numbers if other != number and bases[other] == name for word in terms[other][:3]
            }
            own = next((word for word in terms[number] if word not in others), "")
            name = f"{name}: {own}" if own else name
        while name in used:
            name = f"{bases[number]}, group {number + 1}"
        used.add(name)
        names[number] = name
    return names
