"""`mardev break` and `mardev mend`: cause and end an outage in the sandbox world."""

import json
import urllib.error
import urllib.request
from enum import StrEnum
from typing import Annotated, Any

import typer


class System(StrEnum):
    """What can break in the sandbox world."""

    LANDING = "landing"
    REDIRECTOR = "redirector"
    ANALYTICS = "analytics"
    SHOP = "shop"
    YOUTUBE = "youtube"
    MAIL = "mail"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"


SystemArgument = Annotated[System, typer.Argument(help="Which system.", show_default=False)]
MarketOption = Annotated[
    str | None, typer.Option("--market", "-m", metavar="DE", help="Only in this market (landing pages).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="For a machine to read.")]
WORDS = {
    "landing": "the landing pages", "redirector": "the tracking links", "analytics": "web analytics",
    "shop": "the shop", "youtube": "YouTube", "mail": "mail", "bluesky": "Bluesky",
    "mastodon": "Mastodon",
}  # fmt: skip


def break_system(system: SystemArgument, market: MarketOption = None, as_json: JsonOption = False) -> None:
    """Break a system of the sandbox world, to see what an outage does to the iteration."""
    from mardev.cli.console import out, print_json

    answer = _change("POST", system, market)
    if as_json:
        print_json(answer)
    else:
        option = f" --market {answer['market']}" if answer["market"] else ""
        out.print(f"Broken: {_where(system, answer['market'])}. End it with `mardev mend {system}{option}`.")


def mend_system(system: SystemArgument, market: MarketOption = None, as_json: JsonOption = False) -> None:
    """End an outage, whoever caused it."""
    from mardev.cli.console import out, print_json

    answer = _change("DELETE", system, market)
    if as_json:
        print_json(answer)
    elif ended := sorted({_where(system, one["market"]) for one in answer["ended"]}):
        out.print(f"Mended: {', '.join(ended)}.")
    else:
        out.print(f"Nothing to mend: {_where(system, market)} is not broken.")


def _where(system: System, market: str | None) -> str:
    return WORDS[system] + (f" in {market.upper()}" if market else "")


def _change(method: str, system: System, market: str | None) -> Any:
    from mardev.cli.console import errors_in_plain_words

    with errors_in_plain_words():
        return _ask_sandbox(method, {"system": str(system), "market": market.upper() if market else None})


def _ask_sandbox(method: str, body: dict[str, Any]) -> Any:
    from mardev.errors import FixFirst
    from mardev.home.ports import read_ports
    from mardev.home.secret_files import control_token
    from mardev.settings import load_settings

    settings = load_settings()
    ports = read_ports(settings)
    if ports is None:
        raise FixFirst("There is no sandbox world here yet; `mardev up` makes it.")
    request = urllib.request.Request(  # noqa: S310  # our own loopback address
        f"{ports.sandbox_url}/_sandbox/incidents",
        method=method,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {control_token(settings.secrets)}"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        raise FixFirst(f"The sandbox world refused. {_reason(error.read())}") from error
    except (urllib.error.URLError, OSError) as error:
        raise FixFirst("The sandbox world does not answer; `mardev up` starts it.") from error


def _reason(body: bytes) -> str:
    """What a refusal says, as words."""
    try:
        content = json.loads(body)
        return str(content.get("detail") or content.get("error") or content)
    except (json.JSONDecodeError, AttributeError):
        return body.decode(errors="replace")[:300]
