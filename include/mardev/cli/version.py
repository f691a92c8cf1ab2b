"""`mardev version`."""

from typing import Annotated

import typer


def version(as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False) -> None:
    """Say which version this is, and where its data lie."""
    import platform

    from mardev.cli.console import out, print_json
    from mardev.home.version import code_version, home_version
    from mardev.settings import load_settings

    settings = load_settings()
    content = {
        "mardev": code_version(),
        "python": platform.python_version(),
        "home": str(settings.home),
        "home_version": home_version(settings),
    }
    if as_json:
        print_json(content)
    else:
        out.print(f"MarDev {content['mardev']} on Python {content['python']}")
        out.print(f"Its data are in {content['home']}")
