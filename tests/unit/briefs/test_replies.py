from decimal import Decimal

import pytest

from mardev.briefs.amounts import find_amounts
from mardev.briefs.replies import AnswerKind, read_answer, read_draft, without_quote

OFFERED = Decimal("250.00")
YES = [
    "Gerne, ich bin dabei. Das Honorar passt für mich.", "Klingt super, ich mache mit!", "Kein Problem, ich sage zu.",
    "Abgemacht!", "Einverstanden, freue mich.", "I'm in. The fee works for me.", "Can't wait, count me in!",
    "Yes, 250 EUR works for me.", "Happy to accept. Please send me the brief.", "No problem, let's do it.",
    "Topo! O cachê está ótimo para mim.", "Sem problema, fechado.", "Aceito participar!", "Sim, combinado.",
    "ぜひお受けしたいと思います。金額も問題ありません。", "喜んで参加させていただきます。", "はい、承知しました。",
]  # fmt: skip
NO = [
    "Vielen Dank, aber das passt leider nicht zu meinem Kanal.", "Ich muss leider absagen.", "Kein Interesse.",
    "Ich bin leider nicht dabei.", "Das kann ich leider nicht machen.", "Nein danke.", "I have to decline.",
    "Thanks, not interested.", "I would have loved to, but no, thank you.", "I'm not in.",
    "Sorry, I can't accept this.",
    "Unfortunately I'm fully booked, so I'll pass.", "Maybe another time.",
    "Agradeço o convite, mas vou ter que recusar.",
    "Infelizmente não combina com o meu canal.", "Não posso aceitar.", "Não, obrigado.",
    "今回は見送らせていただきます。", "申し訳ありませんが、お受けできません。", "今回は辞退させていただきます",
]  # fmt: skip
OTHER_PRICE = [
    ("Für {} EUR mache ich es.", "320.00"), ("Leider nicht für 250 EUR, aber für {} € gern.", "320"),
    ("Mein Preis dafür liegt bei {} Euro. Geht das?", "1.200,50"), ("I can do it for {} EUR.", "320.00"),
    ("{} EUR instead of 250 EUR and I'm in", "400"), ("Would EUR {} work?", "1,250"), ("I'd do it for {}.", "400"),
    ("We charge 1.5k EUR at least", "1500"), ("Faço por {} EUR.", "320,00"), ("Meu valor é €{}.", "350"),
    ("作業量を考えると {} EUR でお願いできますでしょうか。", "320.00"), ("{}ユーロでしたらお受けできます。", "４００"),
]  # fmt: skip
NOT_CLEAR = [
    "", "Danke für die Mail.", "Out of office until Monday. Yes, really.", "自動返信：不在にしております。",
    "Das ist mir zu wenig.", "Not sure yet, I'll think about it.", "Vou pensar e te falo.", "検討させていただきます。",
    "Yes and no: I accept, no, I decline.",
]  # fmt: skip
ASKING = [
    "Could you tell me more about the app?",
    "Wie lang soll das Video sein?",
    "Qual é o prazo?",
    "どのようなアプリでしょうか。",
]


@pytest.mark.parametrize("text", YES)
def test_a_yes_is_read_as_yes(text):
    answer = read_answer(text, offered=OFFERED)
    assert answer.kind is AnswerKind.ACCEPT
    assert not answer.needs_a_person
    assert answer.amount is None


@pytest.mark.parametrize("text", NO)
def test_a_no_is_read_as_no(text):
    answer = read_answer(text, offered=OFFERED)
    assert answer.kind is AnswerKind.DECLINE
    assert not answer.needs_a_person


@pytest.mark.parametrize(("text", "amount"), OTHER_PRICE)
def test_another_price_is_read_with_its_amount(text, amount):
    answer = read_answer(text.format(amount), offered=OFFERED)
    expected = {"1.200,50": "1200.50", "1,250": "1250", "320,00": "320.00", "４００": "400"}.get(amount, amount)
    assert answer.kind is AnswerKind.COUNTER
    assert (answer.amount, answer.currency) == (Decimal(expected), "EUR")
    assert not answer.needs_a_person


@pytest.mark.parametrize("text", NOT_CLEAR)
def test_what_is_not_clear_is_never_a_yes(text):
    answer = read_answer(text, offered=OFFERED)
    assert answer.kind is AnswerKind.UNCLEAR
    assert answer.needs_a_person


@pytest.mark.parametrize("text", ASKING)
def test_a_question_waits_for_a_person(text):
    answer = read_answer(text, offered=OFFERED)
    assert answer.kind is AnswerKind.QUESTION
    assert answer.needs_a_person


def test_a_friendly_word_alone_needs_a_person():
    answer = read_answer("Klingt spannend.")
    assert (answer.kind, answer.needs_a_person) == (AnswerKind.ACCEPT, True)


def test_a_yes_with_a_question_is_a_less_certain_yes():
    answer = read_answer("I'm in! When do you need the draft?")
    assert (answer.kind, answer.confidence) == (AnswerKind.ACCEPT, 0.7)


def test_a_no_beside_an_amount_without_a_wish_needs_a_person():
    answer = read_answer("I decline. Last year others paid 900 USD.", offered=OFFERED)
    assert answer.confidence < 0.6


@pytest.mark.parametrize(
    "header",
    [
        "Am 05.10.2026 um 08:00 schrieb Team <team@x.example>:",
        "On Mon, Oct 5, 2026 at 08:00 Team <t@x.example> wrote:",
        "Em 05/10/2026 às 08:00, Team <t@x.example> escreveu:", "2026年10月5日(月) 8:00 Team <t@x.example>:",
        "-----Original Message-----",
    ],
)  # fmt: skip
def test_the_mail_they_answer_is_not_their_answer(header):
    text = f"Gerne, ich bin dabei.\n\n{header}\n> Just reply: a yes, a no or 300 EUR\n> I decline"
    assert without_quote(text) == "Gerne, ich bin dabei."
    assert read_answer(text).kind is AnswerKind.ACCEPT


def test_the_quote_is_the_sentence_that_decided():
    assert read_answer("Hallo!\nIch bin dabei.\nLiebe Grüße").quote == "Ich bin dabei."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("R$ 1.200,50", [("1200.50", "BRL")]), ("3万円", [("30000", "JPY")]), ("US$ 90", [("90", "USD")]),
        ("1'000 CHF", [("1000", "CHF")]), ("£75.5", [("75.5", "GBP")]), ("am 12.10. um 18 Uhr", []), ("10 Videos", []),
        ("250 EUR oder 300 EUR", [("250", "EUR"), ("300", "EUR")]),
    ],
)  # fmt: skip
def test_sums_are_found_as_people_write_them(text, found):
    assert [(str(amount.value), amount.currency) for amount in find_amounts(text)] == found


def test_a_draft_is_found_without_the_old_mail():
    draft = read_draft("Hier ist mein Entwurf:\nAnzeige\nhttps://go.example/x7k.\n\n> https://old.example/")
    assert draft.links == ("https://go.example/x7k",)
    assert draft.is_draft
    assert not read_draft("Danke, kommt morgen.").is_draft
    assert read_draft("原稿をお送りします。").is_draft
