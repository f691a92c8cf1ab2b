"""`mardev evaluate NAME`: measure how right it is, and print one JSON object or a few plain lines."""

from enum import StrEnum
from typing import Annotated

import typer


class Evaluation(StrEnum):
    """What can be evaluated; a module ``evaluate_NAME`` of the folder `benchmarks`."""

    TOPIDIS = "topidis"


def evaluate(
    name: Annotated[Evaluation, typer.Argument(help="What to evaluate.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for a machine to read.")] = False,
) -> None:
    """Measure how right it is, in a world whose truth is known and on real data. Targets stand beside the figures."""
    from mardev.cli.bench import print_measured

    print_measured(f"evaluate_{name}", as_json=as_json)
