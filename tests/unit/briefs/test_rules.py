import pytest

from builders.mails import mail_fields
from mardev.briefs.disclosure import DISCLOSURES, disclosure_for, find_disclosure, switch_hint
from mardev.briefs.mails import LANGUAGES, MailKind, render_mail
from mardev.briefs.rules import check_brief, check_draft, check_post, failed_details, passed, same_link, verdict_of
from mardev.domain.words import Verdict

LINK, CODE = "https://go.example/x7k", "MRA4K7P"
GOOD = f"Anzeige\nHeute zeige ich euch Aptovia.\nHier lang: {LINK}.\nMein Code: {CODE}"


@pytest.mark.parametrize(
    ("text", "market"),
    [
        ("Anzeige | Apps", "DE"), ("#anzeige Apps", "DE"), ("WERBUNG: Apps", "DE"), ("Werbung", "AT"),
        ("#ad my apps", "US"), ("Ad: my apps", "US"), ("(Paid partnership with Aptovia)", "US"), ("#Sponsored", "US"),
        ("Publicidade", "BR"), ("#publi apps", "BR"), ("Parceria paga com Aptovia", "BR"),
        ("#PR アプリ紹介", "JP"), ("【PR】アプリ紹介", "JP"), ("この動画は広告を含みます", "JP"),
        ("ＰＲ（広告）", "JP"),
        ("プロモーションを含みます", "JP"), ("#ad", "FR"),
    ],
)  # fmt: skip
def test_a_marking_is_found(text, market):
    assert find_disclosure(text, market) is not None


@pytest.mark.parametrize(
    ("text", "market"),
    [
        ("Keine Werbung!", "DE"), ("Das ist ohne Werbung", "DE"), ("Stellenanzeigen", "DE"), ("Werbungskosten", "DE"),
        ("An ad-free app", "US"), ("Download my added apps", "US"), ("This is not an ad", "US"), ("#adventure", "US"),
        ("Thanks to Aptovia", "US"), ("isn't sponsored", "US"), ("sem publicidade", "BR"), ("publicidades", "BR"),
        ("PROの設定", "JP"), ("広告なしで使えます", "JP"), ("これは広告ではありません", "JP"), ("", "DE"),
    ],
)  # fmt: skip
def test_what_is_no_marking_or_denies_it_is_not_taken_for_one(text, market):
    assert find_disclosure(text, market) is None


@pytest.mark.parametrize("market", [*DISCLOSURES, "ZZ"])
def test_the_wording_we_ask_for_satisfies_our_own_rule(market):
    assert find_disclosure(f"{disclosure_for(market).wording}\nText", market) is not None


def test_the_platforms_switch_is_explained_in_the_language():
    assert "YouTube Studio" in switch_hint("pt-BR")
    assert switch_hint("fr") == switch_hint("en")


def draft(text: str, **more):
    values = {"link": LINK, "code": CODE, "market": "DE", "language": "de"} | more
    return check_draft(text, **values)


def test_a_good_draft_is_ready():
    findings = draft(GOOD, mandatory_points=["aptovia"], forbidden_claims=["am sichersten"])
    assert verdict_of(findings) is Verdict.READY
    assert failed_details(findings) == []


@pytest.mark.parametrize(
    ("text", "rule", "detail"),
    [
        (
            GOOD.replace(LINK, "https://go.example/x7kk"),
            "link",
            "The link https://go.example/x7kk is wrong; please use " + LINK,
        ),
        (GOOD.replace(LINK, "https://other.example/x7k"), "link", f"The link is missing; please add {LINK}"),
        (GOOD.replace(CODE, "MRA4K7PX"), "code", f"The code is missing; please add {CODE}"),
        (
            GOOD.replace("Anzeige", ""),
            "disclosure",
            'It is not marked as paid; please write "Anzeige" where it is seen at once.',
        ),
    ],
)
def test_a_careless_draft_is_held_with_the_correction(text, rule, detail):
    findings = draft(text)
    assert passed(findings, rule) is False
    assert verdict_of(findings) is Verdict.HELD
    assert failed_details(findings) == [detail]


def test_a_forbidden_claim_holds_and_a_superlative_warns():
    assert verdict_of(draft(GOOD + "\nAm  Sichersten!", forbidden_claims=["am sichersten"])) is Verdict.HELD
    warned = draft(GOOD + "\nGarantiert gut.")
    assert verdict_of(warned) is Verdict.READY
    assert failed_details(warned) == ['"Garantiert" promises too much; please say it otherwise.']


def test_a_point_that_is_not_mentioned_only_warns():
    findings = draft(GOOD, mandatory_points=["Jugendschutz"])
    assert verdict_of(findings) is Verdict.READY
    assert failed_details(findings) == ["Please mention Jugendschutz."]


def test_a_draft_in_the_wrong_script_warns():
    assert passed(draft(GOOD, language="ja"), "language") is False
    japanese = f"#PR アプリストアを紹介します。リンクはこちら {LINK} コード {CODE}"
    assert passed(draft(japanese, language="ja", market="JP"), "language") is True
    assert verdict_of(draft(japanese, language="ja", market="JP")) is Verdict.READY


def test_a_post_needs_its_marking_before_the_fold():
    buried = "Zeile\n" * 5 + GOOD
    findings = check_post("Meine Apps", buried, link=LINK, code=CODE, market="DE")
    assert (passed(findings, "link"), passed(findings, "disclosure")) == (True, False)
    titled = check_post("Anzeige: Meine Apps", buried, link=LINK, code=CODE, market="DE")
    assert verdict_of(titled) is Verdict.READY


def test_a_missing_code_in_a_post_only_warns():
    findings = check_post("Apps", f"Werbung\n{LINK}", link=LINK, code=CODE, market="DE")
    assert passed(findings, "code") is False
    assert verdict_of(findings) is Verdict.READY


def test_a_post_that_is_gone_is_asked_nothing_else():
    findings = check_post("", "", link=LINK, code=CODE, market="DE", is_available=False)
    assert [finding.rule for finding in findings] == ["availability"]
    assert verdict_of(findings) is Verdict.HELD
    assert passed(findings, "link") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://go.example/x7k", "http://GO.example/x7k/", True),
        ("https://go.example/x7k", "https://www.go.example/x7k", True),
        ("https://go.example/x7k", "https://go.example/X7K", False),
        ("https://go.example/x7k", "https://go.example/x7k?a=1", False),
    ],
)
def test_links_are_the_same_when_they_lead_to_the_same_place(one, other, same):
    assert same_link(one, other) is same


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("market", ["DE", "US", "BR", "JP"])
def test_our_own_briefs_pass_our_own_rules(language, market):
    fields = mail_fields(MailKind.BRIEF, disclosure=disclosure_for(market).wording)
    findings = check_brief(
        render_mail(MailKind.BRIEF, language, fields).body,
        link=fields["link"], code=fields["code"], fee=fields["fee"], reference=fields["reference"], market=market,
        language=language, mandatory_points=fields["mandatory_points"],
    )  # fmt: skip
    assert failed_details(findings) == []


def test_a_brief_that_lacks_something_is_held():
    findings = check_brief(
        "", link=LINK, code=CODE, fee="1.00 EUR", reference="r", market="DE", language="fr", mandatory_points=["a", "b"]
    )
    assert verdict_of(findings) is Verdict.HELD
    assert "The brief lacks: a; b" in failed_details(findings)
    assert len(failed_details(findings)) == 6
