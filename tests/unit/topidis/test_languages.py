"""Languages are told from sentences, not from names, symbols or addresses."""

import pytest

from mardev.topidis.languages import detected_languages, language_shares

SENTENCES = {
    "de": "Willkommen auf meinem Kanal, hier dreht sich alles um Handyspiele und Apps.",
    "en": "Welcome to my channel, I make videos about mobile games and apps every week.",
    "pt": "Bem-vindo ao canal, toda semana tem vídeo novo sobre jogos de celular.",
    "ja": "毎週ゲーム実況の動画を投稿しています。",
    "es": "Bienvenidos a mi canal, cada semana subo vídeos nuevos sobre juegos.",
    "fr": "Bienvenue sur ma chaîne, je publie chaque semaine des vidéos sur les jeux.",
    "ko": "매주 새로운 게임 영상을 올립니다",
    "ar": "أهلا بكم في قناتي، أنشر كل أسبوع مقاطع جديدة عن الألعاب",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language(language):
    assert detected_languages([SENTENCES[language]]) == [language]


@pytest.mark.parametrize(
    "text", ["", "   ", "🎮🔥🎮", "Ada", "12345", "@ada_plays #1", "https://example.com/kanal-fuer-alle"]
)
def test_what_is_no_sentence_tells_none(text):
    assert detected_languages([text]) == [None]


def test_ten_thousand_letters_are_read_like_a_page():
    assert detected_languages([SENTENCES["de"] * 200]) == ["de"]


def test_a_channel_in_two_languages_has_both_the_larger_first():
    shares = language_shares([SENTENCES["pt"], SENTENCES["pt"], SENTENCES["en"]])
    assert list(shares) == ["pt", "en"]
    assert sum(shares.values()) == pytest.approx(1.0)


def test_short_titles_are_read_together():
    assert language_shares(["Mein Plan", "Noch ein Tag", "Das ging schief"]) == {"de": 1.0}


def test_nothing_said_has_no_language():
    assert language_shares(["", "🎮"]) == {}
