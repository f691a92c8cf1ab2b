"""The last words of `mardev up`: pages, persons, and in the sandbox world a link that signs each of them in."""

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mardev.home.ports import Ports
    from mardev.settings import Settings

LINKS_TIMEOUT_SECONDS = 20.0
PAGES = (
    ("My work", "/mardev/"),
    ("Iterations", "/mardev/iterations"),
    ("Influencer graph", "/mardev/graph"),
    ("Start an iteration", "/dags/plan"),
)


def where_to_click(settings: "Settings") -> dict[str, Any]:
    """Addresses and persons; `sign_in_url` is None where one-time links are refused (a live world)."""
    from mardev.home.persons import ADMINISTRATOR, DEMO_PERSONS
    from mardev.home.ports import read_ports
    from mardev.home.sign_in_links import issue_link

    ports = read_ports(settings)
    if ports is None:
        return {"pages": [], "persons": []}
    links_are_open = _are_links_open(ports)
    now = datetime.now(UTC)
    persons = [
        {
            "username": person.username,
            "full_name": person.full_name,
            "title": person.title,
            "sign_in_url": ports.airflow_url + issue_link(settings.home / "sign_in", person.username, now=now)
            if links_are_open
            else None,
        }
        for person in (*DEMO_PERSONS, ADMINISTRATOR)
    ]
    pages = [{"title": title, "url": ports.airflow_url + path} for title, path in PAGES]
    pages.append({"title": "Look into the sandbox world", "url": f"{ports.sandbox_url}/world/"})
    return {"pages": pages, "persons": persons, "passwords_file": str(settings.secrets / "passwords.json")}


def print_where_to_click(settings: "Settings") -> None:
    from mardev.cli.console import out

    content = where_to_click(settings)
    out.print("\n[bold]MarDev runs.[/] Where to click:")
    for page in content["pages"]:
        out.print(f"  {page['title']:<28} {page['url']}", markup=False)
    has_links = any(person["sign_in_url"] for person in content["persons"])
    out.print(
        "\n[bold]Who you can be[/]" + (" (each link signs you in once, within 15 minutes):" if has_links else ":")
    )
    for person in content["persons"]:
        way_in = person["sign_in_url"] or f"sign in as {person['username']}"
        out.print(f"  {person['full_name']:<12} {person['title']:<28} {way_in}", markup=False)
    out.print(f"\n[dim]Passwords for the login form: {content.get('passwords_file', '')}[/]")
    again = "New links: `make up` again. " if has_links else ""
    out.print(f"[dim]{again}Stop everything: `make down`.[/]")


def _are_links_open(ports: "Ports") -> bool:
    """Ask the sign-in page itself: it alone knows whether a live connection exists."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{ports.airflow_url}/mardev-signin/", timeout=LINKS_TIMEOUT_SECONDS) as answer:
            return bool(json.loads(answer.read()).get("open"))
    except (urllib.error.URLError, OSError, ValueError, AttributeError):
        return False
