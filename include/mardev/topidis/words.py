"""The words of channel pages that can be typical of a topic, in the languages of the markets."""

import re
import unicodedata
from functools import cache
from urllib.parse import unquote

TOPIC_NAMES = {
    "video game culture": "Gaming",
    "action game": "Gaming",
    "action-adventure game": "Gaming",
    "casual game": "Gaming",
    "puzzle video game": "Gaming",
    "racing video game": "Gaming",
    "role-playing video game": "Gaming",
    "simulation video game": "Gaming",
    "sports game": "Gaming",
    "strategy video game": "Gaming",
    "music video game": "Gaming",
    "technology": "Technology",
    "entertainment": "Entertainment",
    "humor": "Entertainment",
    "humour": "Entertainment",
    "film": "Film",
    "television program": "Television",
    "performing arts": "Performing arts",
    "food": "Food",
    "sport": "Sport",
    "lifestyle": "Lifestyle",
}
"""The platform's topics in the words of a marketing team; a topic that is not listed is shown as it is."""
PLATFORM_WORDS = frozenset(  # words are easier to read and sort in running text
    "channel channels video videos subscribe subscriber subscribers official business contact mail email inquiries "  # noqa: SIM905
    "com www http https youtube twitch tiktok instagram bluesky mastodon patreon discord example stream live new "
    "kanal kanäle abonnieren abo geschäftlich geschäftliche anfragen kontakt woche neue neues jede jeden willkommen "
    "canal vídeo vídeos contato comercial semana novo novos nova novas inscreva inscreve bem-vindo "
    "chaîne vidéo vidéos abonne abonnez vous nouvelles contacto suscríbete semaine "
    "動画 投稿 登録 毎週 配信 チャンネル お仕事 依頼 お届け 案件 連絡 公式 配信中".split()
)
"""What channel pages say of themselves whatever they are about."""
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’·・-](?=[^\W\d_]))+")
_WIDE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff々]+")
_JAPANESE_PART = re.compile(r"[\u30a1-\u30ff]{2,}|[\u4e00-\u9fff々]{2,}")
"""Katakana and kanji; hiragana is mostly grammar, so a change to it ends a word."""
_HANGUL_OR_THAI = re.compile(r"[\uac00-\ud7a3]{2,}|[\u0e00-\u0e7f]{3,}")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<![\w#])[@＠][\w.-]+|\S+\.(?:com|tv|net|org|example)\b\S*")
LEAST_LETTERS = 3


def words_of(text: str, language: str | None = None) -> list[str]:
    """The words of a text that can be typical of a topic, in small letters.

    Parameters
    ----------
    text : any script; emoji, addresses, handles, digits and grammar are left out, hashtags count as words
    language : ISO 639-1 code whose stop words are left out beside the English ones; None for English alone

    Notes
    -----
    Japanese is cut where the script changes; kanji runs of more than two letters become pairs of letters, which is a
    dictionary-free approximation and not a morphological analysis.

    Examples
    --------
    >>> words_of("Die besten Android-Tipps! mia@mia.example 🎮🔥 #LetsPlay", "de")
    ['android-tipps', 'android', 'tipps', 'letsplay']
    >>> words_of("毎日ゲーム実況をします", "ja")
    ['毎日', 'ゲーム', '実況']
    """
    plain = _ADDRESS.sub(" ", unicodedata.normalize("NFKC", text)).lower()
    stop = stop_words(language)
    found: list[str] = []
    for run in _WIDE.findall(plain):
        found += _japanese_words(run)
    latin = _WIDE.sub(" ", plain)
    found += _HANGUL_OR_THAI.findall(latin)
    for word in _WORD.findall(_HANGUL_OR_THAI.sub(" ", latin)):
        parts = re.split(r"[-·・]", word)
        found += [word, *parts] if len(parts) > 1 else [word]
    return [word for word in found if word not in stop and (len(word) >= LEAST_LETTERS or _is_wide(word))]


def readable_topic(topic: str) -> str:
    """A platform topic in plain words.

    Examples
    --------
    >>> readable_topic("https://en.wikipedia.org/wiki/Role-playing_video_game")
    'Gaming'
    >>> readable_topic("Hip_hop_music")
    'Hip hop music'
    """
    plain = unquote(topic.rstrip("/").rsplit("/", 1)[-1]).replace("_", " ")
    plain = re.sub(r"\s*\(.*?\)", "", plain).strip()
    return TOPIC_NAMES.get(plain.lower(), plain[:1].upper() + plain[1:])


@cache
def stop_words(language: str | None) -> frozenset[str]:
    """Grammar words of the language and of English, and what every channel page says."""
    import stopwordsiso

    return frozenset(stopwordsiso.stopwords(["en", language] if language else ["en"])) | PLATFORM_WORDS


def _japanese_words(run: str) -> list[str]:
    words: list[str] = []
    for part in _JAPANESE_PART.findall(run):
        is_word = len(part) <= 2 or "\u30a0" <= part[0] <= "\u30ff"
        words += [part] if is_word else [part[start : start + 2] for start in range(len(part) - 1)]
    return words


def _is_wide(word: str) -> bool:
    return bool(_WIDE.match(word) or _HANGUL_OR_THAI.match(word))
