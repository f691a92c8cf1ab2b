"""`mardev erase`: delete a person on request, everywhere."""

from typing import Annotated

import typer


def erase(
    person: Annotated[str | None, typer.Option("--person", metavar="NAME", help="The creator's name.")] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="KEY", help="A channel: its key, id, handle or address.")
    ] = None,
    address: Annotated[str | None, typer.Option("--address", metavar="MAIL", help="A mail address.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Erase; without it only a preview is shown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False,
) -> None:
    """Erase a person on request: every table, raw answer, mail, picture and export. Shows a preview first.

    Amounts, deals and results stay, without a name. A salted hash stays too, so that the person is never collected nor
    written to again. The report holds no personal data.
    """
    import getpass
    from dataclasses import asdict

    from mardev.cli.console import err, errors_in_plain_words, out, print_json
    from mardev.clock import WallClock
    from mardev.settings import load_settings
    from mardev.stages.erase.erase import erase as work
    from mardev.warehouse.engine import create_engine

    given = {"person": person, "channel": channel, "address": address}
    named = {asked_for: name for asked_for, name in given.items() if name and name.strip()}
    if len(named) != 1:
        err.print("Name one: --person, --channel or --address.")
        raise typer.Exit(2)
    ((asked_for, name),) = named.items()
    settings = load_settings()
    with errors_in_plain_words():
        engine = create_engine(settings.warehouse_url, "writer")
        report = work(
            engine, settings, asked_for=asked_for, name=name, by=getpass.getuser(), at=WallClock().now(),
            is_preview=not yes,
        )  # fmt: skip
    if as_json:
        print_json(asdict(report))
        return
    out.print("This would be erased:" if report.is_preview else f"Erased; the report is {report.erasure_key}.")
    for place, count in report.counts.items():
        out.print(f"  {place:<32} {count:>8,}")
    if not report.counts:
        out.print("  nothing: the warehouse does not know them. The suppression entry is kept all the same.")
    if report.is_preview:
        out.print("Nothing was changed. Add --yes to erase.")
        return
    out.print("Left to do by a person:")
    for line in report.left_to_do:
        out.print(f"  {line}", markup=False)
