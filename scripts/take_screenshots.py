"""Takes the pictures of the README from a running demo (`make screenshots`, after `make demo`)."""

import shutil
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from mardev.home.ports import read_ports
from mardev.home.secret_files import read_json_object
from mardev.settings import load_settings
from mardev.warehouse.engine import create_engine

TARGET = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PERSON = "mia"
SIZE: ViewportSize = {"width": 1400, "height": 880}


def main() -> None:
    settings = load_settings()
    ports = read_ports(settings)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if ports is None or chromium is None:
        raise SystemExit("Run `make demo` first, with the package `chromium` installed.")
    password = str(read_json_object(settings.secrets / "passwords.json")[PERSON])
    newest_closed, waiting, channel = subjects(settings.warehouse_url)
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = signed_in(browser, ports.airflow_url, password)
        take(page, f"{ports.airflow_url}/mardev/", "my_work")
        take(page, f"{ports.airflow_url}/mardev/iterations/{waiting or newest_closed}/plan", "plan_review")
        take(page, f"{ports.airflow_url}/mardev/graph?iteration={newest_closed}", "graph", wait_ms=2_500)
        take(page, f"{ports.airflow_url}/mardev/creators", "creators")
        take(page, f"{ports.airflow_url}/mardev/creators/youtube:{channel}", "creator")
        take(page, f"{ports.airflow_url}/mardev/discovery", "discovery")
        take(page, f"{ports.airflow_url}/mardev/iterations/{newest_closed}", "iteration")
        take(page, f"{ports.airflow_url}/mardev/iterations/{newest_closed}/retrospective", "retrospective")
        take(page, f"{ports.airflow_url}/plugin/mardev", "in_airflow", wait_ms=4_000)
        take(page, f"{ports.sandbox_url}/world/channel/{channel}", "sandbox_world")
        browser.close()


def subjects(warehouse_url: str) -> tuple[str, str | None, str]:
    """The newest closed iteration, the one that waits for a signature if any, and a creator with a live post."""
    engine = create_engine(warehouse_url, "reader")
    with engine.connect() as connection:
        closed = connection.execute(
            sa.text("SELECT iteration_key FROM core.iteration WHERE state = 'closed' ORDER BY closed_at DESC LIMIT 1")
        ).scalar_one()
        waiting = connection.execute(
            sa.text("SELECT iteration_key FROM core.iteration WHERE state = 'plan' ORDER BY opened_at DESC LIMIT 1")
        ).scalar()
        channel = connection.execute(
            sa.text(
                "SELECT channel.external_id FROM core.post JOIN core.channel USING (channel_key) "
                "ORDER BY post.published_at DESC LIMIT 1"
            )
        ).scalar_one()
    return closed, waiting, channel


def signed_in(browser: Browser, base_url: str, password: str) -> Page:
    page = browser.new_page(viewport=SIZE)
    page.goto(f"{base_url}/auth/login/")
    page.fill("input[name=username]", PERSON)
    page.fill("input[name=password]", password)
    page.click("input[type=submit], button[type=submit]")
    page.wait_for_function("!location.pathname.startsWith('/auth/login')")
    return page


def take(page: Page, address: str, name: str, *, wait_ms: int = 800) -> None:
    page.goto(address)
    page.wait_for_timeout(wait_ms)
    page.screenshot(path=TARGET / f"{name}.png")
    print(f"docs/screenshots/{name}.png")


if __name__ == "__main__":
    main()
