"""`mardev reset`: start from nothing."""

import shutil
from typing import Annotated

import typer


def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read; needs --yes.")] = False,
) -> None:
    """Stop everything and delete the data of this checkout: database, secrets, logs, sandbox world."""
    from mardev.cli.console import err, errors_in_plain_words, out, print_json
    from mardev.cli.down import stop_everything
    from mardev.settings import load_settings

    settings = load_settings()
    if not settings.home.exists():
        print_json({"deleted": None}) if as_json else out.print("There is nothing to delete.")
        return
    if not yes:
        if as_json:
            err.print("Add --yes: a machine cannot be asked.")
            raise typer.Exit(2)
        if not typer.confirm(f"Delete everything in {settings.home}?"):
            raise typer.Exit(1)
    with errors_in_plain_words():
        stop_everything(settings)
    shutil.rmtree(settings.home)
    print_json({"deleted": str(settings.home)}) if as_json else out.print(f"Deleted {settings.home}.")
