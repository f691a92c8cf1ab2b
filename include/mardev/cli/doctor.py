"""`mardev doctor`: what is wrong with this machine or configuration, and how to mend it."""

from typing import Annotated

import typer


def doctor(as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False) -> None:
    """Examine this machine and its configuration; say what is wrong and how to mend it."""
    import dataclasses

    from mardev.cli.checkup import Level, examine
    from mardev.cli.console import out, print_json
    from mardev.settings import load_settings

    findings = examine(load_settings())
    stops = any(finding.level is Level.PROBLEM for finding in findings)
    if as_json:
        print_json({"healthy": not stops, "findings": [dataclasses.asdict(finding) for finding in findings]})
    else:
        signs = {Level.GOOD: "[green]✓[/]", Level.NOTE: "[yellow]![/]", Level.PROBLEM: "[red]✗[/]"}
        for finding in findings:
            out.print(f"{signs[finding.level]} [bold]{finding.subject}[/]: ", end="")
            out.print(finding.text, markup=False)
            if finding.mend:
                out.print(f"    → {finding.mend}", markup=False)
        out.print("\nSomething stops MarDev: mend the lines with ✗." if stops else "\nNothing stops MarDev.")
    raise typer.Exit(1 if stops else 0)
