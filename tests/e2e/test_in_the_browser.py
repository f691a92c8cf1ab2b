"""The same iteration as people see it: every page opens for every person, and a customer's install is counted."""

import re
import time

import pytest

from e2e.browser import signed_in_page

PAGES = ("/mardev/", "/mardev/iterations", "/mardev/graph", "/mardev/data-quality")
ITERATION_PAGES = ("", "/plan", "/go-live", "/retrospective")
INSTALL_WITHIN_SECONDS = 150


@pytest.mark.parametrize("person", ["mia", "ian", "hana"])
def test_every_page_opens_for_everybody_without_an_error(finished, browser, person):
    page, errors = signed_in_page(browser, finished, person)
    for path in (*PAGES, *(f"/mardev/iterations/{finished.iteration_key}{part}" for part in ITERATION_PAGES)):
        answer = page.goto(path)
        assert answer.status == 200, path
        assert "Sandbox" in page.inner_text("body"), path
    assert errors == []
    page.context.close()


def test_the_pages_stand_in_airflows_own_navigation(finished, browser):
    page, _ = signed_in_page(browser, finished, "mia")
    page.goto("/plugin/mardev")
    page.wait_for_function(
        "Array.from(document.querySelectorAll('iframe')).some(frame => frame.src.includes('/mardev/'))", timeout=30_000
    )
    page.context.close()


def test_a_customer_who_comes_from_a_post_is_counted_under_its_creator(finished, browser):
    post = finished.rows(
        "SELECT post.external_id, post.placement_key, channel.external_id AS channel FROM core.post "
        "JOIN core.channel USING (channel_key) JOIN core.post_check USING (post_key) "
        "WHERE post_check.link_is_right ORDER BY post.published_at LIMIT 1"
    )[0]
    count = (
        "SELECT count(*) AS count FROM core.credit JOIN core.conversion USING (conversion_key) "
        "WHERE placement_key = :key AND kind = 'install'"
    )
    before = finished.rows(count, key=post["placement_key"])[0]["count"]
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{finished.sandbox_url}/world/channel/{post['channel']}")
    page.locator(f"a[href*='{post['external_id']}']").first.click()
    page.wait_for_url(re.compile(r"/world/video/"))
    page.locator("a[href*='/shlink/']").first.click()
    page.wait_for_url(re.compile(r"/app/"))
    page.locator("button[value=install]").first.click()
    page.wait_for_url(re.compile(r"/thanks"))
    context.close()
    deadline = time.monotonic() + INSTALL_WITHIN_SECONDS
    while (
        now := finished.rows(count, key=post["placement_key"])[0]["count"]
    ) <= before and time.monotonic() < deadline:
        time.sleep(2)
    assert now == before + 1
