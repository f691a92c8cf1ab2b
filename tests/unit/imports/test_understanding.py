"""Tables as people bring them: any columns, any encoding, any separators; what cannot be read is said."""

import io

import pytest

from mardev.errors import FixFirst
from mardev.imports.records import ChannelRecord, EdgeRecord, Rejected, records
from mardev.imports.understanding import Understanding, understand


def read(content: str | bytes, kind: str | None = None) -> tuple[Understanding, list]:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    understood = understand(stream, kind)
    return understood, list(records(stream, understood))


def one(content: str | bytes) -> ChannelRecord:
    (record,) = read(content)[1]
    assert isinstance(record, ChannelRecord), record
    return record


GERMAN = "Land;Kanalname;Abonnenten;Link;Sprache\nDeutschland;Müllers Spiele;1.234.567;https://youtube.com/@Mueller;Deutsch\n"
JAPANESE = "チャンネル名,登録者数,国,リンク\nゲーム実況たろう,12万,日本,https://www.youtube.com/@taro\n"
CHINESE = "名称,粉丝数,国家,链接\n游戏解说频道,1.5万,中国,https://www.youtube.com/@youxi\n"
FRENCH = "Nom;Abonnés;Pays;Lien\nFrançoise à la crème;12 345;France;https://twitch.tv/Francoise\n"


@pytest.mark.parametrize(
    ("content", "encoding", "title", "subscribers", "country"),
    [
        (GERMAN.encode(), "UTF-8", "Müllers Spiele", 1_234_567, "DE"),
        (GERMAN.encode("utf-8-sig"), "UTF-8", "Müllers Spiele", 1_234_567, "DE"),
        (GERMAN.encode("utf-16"), "UTF-16", "Müllers Spiele", 1_234_567, "DE"),
        (GERMAN.encode("utf-16-le"), "utf-16-le", "Müllers Spiele", 1_234_567, "DE"),
        (GERMAN.encode("cp1252"), "Windows-1252", "Müllers Spiele", 1_234_567, "DE"),
        (FRENCH.encode("cp1252"), "Windows-1252", "Françoise à la crème", 12_345, "FR"),
        (JAPANESE.encode("shift_jis"), "Shift JIS", "ゲーム実況たろう", 120_000, "JP"),
        (JAPANESE.encode(), "UTF-8", "ゲーム実況たろう", 120_000, "JP"),
        (CHINESE.encode("gb18030"), "GB 18030", "游戏解说频道", 15_000, "CN"),
    ],
)
def test_the_encoding_and_the_language_of_the_headers_are_found(content, encoding, title, subscribers, country):
    understood, (record,) = read(content)
    assert understood.encoding.name == encoding
    assert (record.title, record.counters["subscribers"], record.country) == (title, subscribers, country)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Channel,Subscribers,Country,Link", "Ann,1000,US,https://youtube.com/@ann"),
        ("Link,Country,Subscribers,Channel", "https://youtube.com/@ann,US,1000,Ann"),
        ("Nome;Inscritos;País;Link", "Ann;1000;Estados Unidos;https://youtube.com/@ann"),
        ("Nombre\tSuscriptores\tPaís\tEnlace", "Ann\t1000\tEstados Unidos\thttps://youtube.com/@ann"),
        ("Nom|Abonnés|Pays|Lien", "Ann|1000|États-Unis|https://youtube.com/@ann"),
        ("NAME,SUBSCRIBER COUNT,Market,YouTube", "Ann,1000,USA,@ann"),
    ],
)
def test_columns_come_in_any_order_and_language_with_any_separator(header, cells):
    record = one(f"{header}\n{cells}\n")
    assert record.identity.channel_key == "youtube:@ann"
    assert (record.title, record.counters, record.country) == ("Ann", {"subscribers": 1000}, "US")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1.234,5", "2.000"], [1234.5, 2000.0]),
        (["1,234.5", "2,000"], [1234.5, 2000.0]),
        (["12,5", "1.000.000"], [12.5, 1_000_000.0]),
        (["1 234,5", "7"], [1234.5, 7.0]),
        (["1'234.5", "1'000"], [1234.5, 1000.0]),
        (["12,34,567.8", "1,000"], [1_234_567.8, 1000.0]),
        (["1.5K", "2 Mio"], [1500.0, 2_000_000.0]),
        (["1.2e5", "0.5"], [120_000.0, 0.5]),
    ],
)
def test_decimal_and_thousands_signs_are_decided_for_the_whole_column(values, expected):
    lines = "".join(f'"{value}"\t@c{place}\tyoutube\n' for place, value in enumerate(values))
    understood, found = read(f"views per day\thandle\tplatform\n{lines}")
    assert [record.counters["average_daily_views"] for record in found] == expected
    assert understood.columns[0].numbers.is_certain


def test_a_value_that_contradicts_its_column_is_set_aside_and_the_evidence_says_so():
    lines = "".join(f"1.234.{place:03}\t@c{place}\tyoutube\n" for place in range(5))
    understood, found = read(f"Subscribers\tHandle\tPlatform\n{lines}1,234,567\t@odd\tyoutube\n")
    assert isinstance(found[-1], Rejected)
    assert "other way round" in found[-1].reason
    assert not understood.columns[0].numbers.is_certain
    assert "1 values say the opposite" in understood.columns[0].numbers.evidence


def test_a_sign_that_could_be_both_groups_thousands_in_a_counter_and_is_an_assumption_elsewhere():
    understood, (record,) = read('Subscribers,Views per day,Handle,Platform\n"1,234","1,234",@a,youtube\n')
    assert record.counters == {"subscribers": 1234, "average_daily_views": 1234.0}
    assert [column.numbers.is_certain for column in understood.columns[:2]] == [True, False]


@pytest.mark.parametrize("cell", ["N/A", "-", "–", "#REF!", "#DIV/0!", "#WERT!", "null", "なし", "", "k.A."])
def test_what_says_nothing_is_missing_and_never_zero(cell):
    understood, (record,) = read(f"Handle,Platform,Subscribers\n@ann,youtube,{cell}\n")
    assert record.counters == {}
    assert not record.subscribers_hidden
    assert understood.missing_count == 1


def test_a_hidden_counter_stays_hidden():
    record = one("Handle,Platform,Followers\n@ann,youtube,hidden\n")
    assert record.subscribers_hidden
    assert record.counters == {}


@pytest.mark.parametrize(
    ("cell", "reason"), [("-5", "cannot be"), ("99999999999999999", "cannot be"), ("many", "is no number")]
)
def test_an_absurd_counter_sets_the_line_aside(cell, reason):
    _, (record,) = read(f"Handle,Platform,Followers\n@ann,youtube,{cell}\n")
    assert isinstance(record, Rejected)
    assert reason in record.reason
    assert record.cells["Handle"] == "@ann"


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv", "youtube:UCabcdefghijklmnopqrstuv"),
        ("UCabcdefghijklmnopqrstuv", "youtube:UCabcdefghijklmnopqrstuv"),
        ("youtube.com/@Ann?x=1", "youtube:@ann"),
        ("https://m.twitch.tv/Ann_Plays", "twitch:ann_plays"),
        ("https://bsky.app/profile/Ann.example", "bluesky:ann.example"),
        ("https://social.example/@Ann", "mastodon:ann@social.example"),
        ("@ann@social.example", "mastodon:ann@social.example"),
        ("youtube:UC1", "youtube:UC1"),
    ],
)
def test_a_link_an_account_or_an_id_names_the_channel(link, key):
    assert one(f"Link,Name\n{link},Ann\n").identity.channel_key == key


@pytest.mark.parametrize("link", ["https://youtube.com/watch?v=1", "https://example.org/ann", "http://[", "@ann"])
def test_a_link_that_leads_to_no_channel_is_set_aside_with_the_reason(link):
    _, (record,) = read(f"Link,Name\n{link},Ann\n")
    assert (type(record), record.rule) == (Rejected, "channel_is_not_named")


def test_a_line_of_a_creator_with_several_links_gives_a_channel_each():
    understood, found = read("Name,YouTube,Twitch,E-Mail,Followers\nAnn,@ann,ann_live,Ann <ann@ann.example>,5000\n")
    assert understood.kind == "creators"
    assert [record.identity.channel_key for record in found] == ["youtube:@ann", "twitch:ann_live"]
    assert [record.email for record in found] == ["ann@ann.example"] * 2
    assert [record.counters for record in found] == [{"subscribers": 5000}, {}]


HOSTILE = '=HYPERLINK("http://evil.example") <script>alert(1)</script> \u202eשלום\u202c'


def test_titles_with_formulas_html_and_text_from_right_to_left_stay_text():
    cell = HOSTILE.replace('"', '""')
    record = one(f'Handle,Platform,Title\n@ann,youtube,"{cell}"\n')
    assert record.title == HOSTILE.replace("\u202e", "").replace("\u202c", "")


def test_a_title_of_ten_thousand_letters_is_cut_and_says_so():
    record = one(f"Handle,Platform,Title\n@ann,youtube,{'x' * 10_000}\n")
    assert len(record.title) == 1000
    assert record.title.endswith("…")


def test_lines_above_the_headers_and_blank_ones_are_passed_over():
    understood, (record,) = read("sep=;\nExport of 2026-10-05;;\n\nName;Plattform;Nutzername\nAnn;YouTube;@ann\n;;\n")
    assert understood.header_line == 4
    assert (record.line, record.title) == (5, "Ann")


def test_a_follow_list_is_recognised_by_its_columns():
    understood, found = read(
        'weight,kind,target,source\n"1,5",subscribes,youtube:B,youtube:A\n2,,C,D\n1,odd,E,F\n1,,G,G\n'
    )
    assert understood.kind == "edges"
    first, second, odd, self_follow = found
    assert (first.source.channel_key, first.target.channel_key, first.kind, first.weight) == (
        "youtube:A", "youtube:B", "subscribes", 1.5,
    )  # fmt: skip
    assert isinstance(second, EdgeRecord)
    assert (second.source.channel_key, second.kind) == ("csv:D", "follows")
    assert [odd.rule, self_follow.rule] == ["kind_is_unknown", "nobody_follows_itself"]


def test_a_day_that_may_be_a_month_is_not_guessed():
    record = one("Handle,Platform,Created\n@ann,youtube,03/04/2020\n")
    assert record.created_at is None
    assert "day or month first" in record.remarks[0]
    assert one("Handle,Platform,Created\n@ann,youtube,23/04/2020\n").created_at.month == 4


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04....[Content_Types].xml xl/workbook.xml", "Excel workbook (xlsx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel workbook (xls)"),
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument", "LibreOffice"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table><tr><td>1</td></tr></table>", "web page"),
        (b'{"channels": []}', "JSON"),
        (b"", "empty"),
        (b"\n\n", "empty"),
        (bytes(range(256)) * 4, "no text"),
        (b"Colour,Shoe size\nred,42\n", "No column was understood"),
        (b'Handle,Platform\n"never closed,youtube\n' + b"x,y\n" * 300_000, "not closed"),
    ],
)
def test_what_is_no_table_says_what_to_do(content, told):
    with pytest.raises(FixFirst, match=told.replace("(", r"\(").replace(")", r"\)")):
        read(content)


def test_unused_columns_failed_formulas_and_damaged_letters_are_noted():
    content = b"Handle,Platform,Shoe size,Title\n@a,youtube,42,#REF!\n"
    notes = " ".join(read(content)[0].notes)
    assert "Not used: Shoe size." in notes
    assert "1 cells hold a failed formula" in notes
