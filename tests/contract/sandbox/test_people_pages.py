"""Pages for people: nothing from outside runs in them, and a visitor's click and order are real ones."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from builders.small_world import HIDDEN, HOSTILE, OPEN, START, channel_id, video_id
from sandbox.model import BRAND_MAILBOX, MARKETS

CONTROL = {"system": "landing", "market": "DE", "kind": "outage"}
EVERY_PAGE = (
    "/world/",
    f"/world/channel/{channel_id(OPEN)}",
    f"/world/video/{video_id(OPEN, 3)}",
    "/world/mailboxes",
    f"/world/mailbox/{BRAND_MAILBOX}",
    "/world/video/nothing",
    "/shlink/nothing",
    "/app/XX",
)


def link_to_the_app(served, market="DE"):
    """A tracking link as the toolchain makes it; answers its short address."""
    long_url = f"{served.url}app/{market}?utm_source=youtube&utm_medium=paid_social&utm_campaign=it-1&utm_content=p-1"
    return f"{served.url}shlink/{served.world.create_link(long_url, 'spring').slug}"


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_says_that_it_is_a_sandbox_world(served, path):
    page = served.http.get(path)
    assert "Sandbox world" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("market", MARKETS)
def test_every_app_page_says_so_too(served, market):
    assert "Sandbox world" in served.http.get(f"/app/{market}").text


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_no_page_fetches_anything_from_outside(served, path):
    for address in re.findall(r"<(?:link|img|script)[^>]*(?:href|src)=\"([^\"]*)\"", served.http.get(path).text):
        assert address.startswith("/world/")


@pytest.mark.parametrize(
    "path", [f"/world/channel/{channel_id(HOSTILE)}", f"/world/video/{video_id(HOSTILE, 0)}", "/world/"]
)
def test_a_hostile_title_is_text(served, path):
    page = served.http.get(path).text
    assert "<script" not in page
    assert "&lt;script&gt;alert" in page


def test_a_hostile_description_is_text_with_working_links(served):
    served.world.description = 'See https://shop.example/?a=1&b="><img src=x onerror=alert(1)> javascript:alert(2)'
    page = served.http.get(f"/world/video/{video_id(OPEN, 0)}").text
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert '<a href="https://shop.example/?a=1&amp;b=" rel="nofollow">' in page


def test_a_hostile_mail_is_text(served):
    served.world.put_mail(BRAND_MAILBOX, "inbox", "<script>s</script>", "<img src=x onerror=alert(1)>", at=START)
    page = served.http.get(f"/world/mailbox/{BRAND_MAILBOX}").text
    assert "<script" not in page
    assert "<img src=x" not in page


def test_hostile_words_in_addresses_are_text(served):
    for path in ('/world/?q="><script>1</script>', '/app/DE?utm_source="><script>1</script>&code="><b>'):
        page = served.http.get(path).text
        assert "<script" not in page
        assert "<b>&" not in page


def test_a_title_in_a_picture_is_text(served):
    picture = served.http.get(f"/world/pictures/video/{video_id(HOSTILE, 0)}.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<script" not in picture.text
    assert "default-src 'none'" in picture.headers["content-security-policy"]


def test_a_hidden_subscriber_count_is_hidden_from_visitors(served):
    assert "subscribers hidden" in served.http.get(f"/world/channel/{channel_id(HIDDEN)}").text


def test_a_name_in_a_text_leads_to_the_channel(served):
    served.world.description = "@channel1 and https://www.youtube.com/@Channel2, creator0@channels.example."
    page = served.http.get(f"/world/video/{video_id(OPEN, 0)}").text
    assert 'href="/world/@channel1"' in page
    assert 'href="/world/@channel2"' in page
    assert 'href="/world/mailbox/creator0@channels.example"' in page
    assert served.http.get("/world/@channel1").headers["location"] == f"/world/channel/{channel_id(1)}"


def test_a_conversation_reads_from_top_to_bottom(served):
    box = "creator0@channels.example"
    served.world.put_mail(box, "inbox", "Offer", "Our offer. See the calendar", at=START, thread="t")
    served.world.put_mail(box, "sent", "Re: Offer", "I am in.\n\nTeam wrote:\n> Our offer", at=START, thread="t")
    page = served.http.get(f"/world/mailbox/{box}").text
    assert page.index("Our offer.") < page.index("I am in.") < page.index("Team wrote:")
    assert "Calendar: 2026-10-12 to 2026-10-19" in page
    assert "1 conversation" in page


def test_the_brands_mailbox_shows_what_it_wrote_beside_the_answers(served):
    box = "creator0@channels.example"
    served.world.put_mail(box, "inbox", "Offer", "Our offer", at=START, thread="t")
    served.world.put_mail(box, "sent", "Re: Offer", "I am in.", at=START, thread="t")
    served.world.put_mail(BRAND_MAILBOX, "inbox", "A stranger writes", "Hello", at=START)
    page = served.http.get(f"/world/mailbox/{BRAND_MAILBOX}").text
    assert "2 conversations" in page
    assert page.index("letter own") < page.index("Our offer") < page.index("I am in.")


# ---- from the post to the order


def test_a_visitor_goes_from_the_post_to_the_app_and_installs(served):
    short = link_to_the_app(served)
    served.world.description = f"My favourite store: {short}"
    post = served.http.get(f"/world/video/{video_id(OPEN, 0)}").text
    assert f'<a href="{short}"' in post
    followed = served.http.get(short, headers={"user-agent": "Firefox", "referer": "http://x.example/watch"})
    assert followed.status_code == 302
    app_page = served.http.get(followed.headers["location"]).text
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', app_page))
    done = served.http.post("/app/DE/convert", data={**fields, "kind": "install", "code": ""})
    assert done.status_code == 303
    [visit], [order] = served.world.visits("spring"), served.world.orders()
    assert (visit.user_agent, visit.referer) == ("Firefox", "http://x.example/watch")
    assert (order.kind, order.utm_content, order.utm_campaign, order.is_test) == ("install", "p-1", "it-1", False)
    assert order.order_id in served.http.get(done.headers["location"]).text


def test_a_synthetic_order_is_marked(served):
    served.http.post("/app/US/convert", data={"kind": "purchase", "utm_content": "p-1", "test": "1"})
    [order] = served.world.orders()
    assert (order.is_test, order.market) == (True, "US")


def test_an_unknown_promo_code_is_refused_in_the_markets_language(served):
    answer = served.http.post("/app/DE/convert", data={"kind": "install", "code": "NOPE"})
    assert answer.status_code == 400
    assert "Gutscheincode" in answer.text
    assert served.world.orders() == []


def test_the_app_page_speaks_the_markets_language(served):
    assert "Installieren" in served.http.get("/app/DE").text
    assert "インストール" in served.http.get("/app/JP").text
    assert '<html lang="pt">' in served.http.get("/app/BR").text


def test_an_outage_of_the_landing_page_is_felt_in_its_market_only(served):
    served.world.start_incident("landing", "DE")
    assert served.http.get("/app/DE").status_code == 503
    assert served.http.post("/app/DE/convert", data={"kind": "install"}).status_code == 503
    assert served.http.get("/app/US").status_code == 200
    assert served.world.orders() == []


def test_nobody_follows_a_link_while_the_redirector_is_out(served):
    short = link_to_the_app(served)
    served.world.start_incident("redirector")
    assert served.http.get(short).status_code == 503
    assert served.world.visits("spring") == []


def test_a_look_at_the_head_is_no_visit(served):
    assert served.http.head(link_to_the_app(served)).status_code == 302
    assert served.world.visits("spring") == []


def test_only_stored_addresses_are_redirected_to(served):
    answer = served.http.get("/shlink/nothing?url=https://elsewhere.example")
    assert answer.status_code == 404
    assert "location" not in answer.headers
    thanks = served.http.post("/app/DE/convert", data={"kind": "install", "next": "https://elsewhere.example"})
    assert urlsplit(thanks.headers["location"]).netloc == ""
    assert set(parse_qs(urlsplit(thanks.headers["location"]).query)) == {"order", "kind"}
