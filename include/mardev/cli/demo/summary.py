"""The end of the demo: what a marketing manager wants to know, in one screen."""

from collections.abc import Sequence

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from mardev.warehouse.read import query

MOST_ROWS = 12
REASONS_SHOWN = 3
CREATOR_WIDTH = 17
NOTE_WIDTH = 15
NOUNS = {"install": "install", "sign_up": "sign-up", "purchase": "purchase"}
TRY_NEXT = (
    "Open My work as Mia and sign (or send back) the plan that waits for you.",
    "Open a creator's channel in the sandbox world, click the link under the newest post and install the app: "
    "within a minute the install stands under that creator in Iterations.",
    "Break a landing page with `mardev break landing --market DE` and see which posts it hurts; "
    "`mardev mend landing --market DE` ends it.",
    "Run the demo again: it goes on with the iteration that was proposed. `make demo` always continues.",
)


def print_summary(out: Console, connection: sa.Connection, key: str, following: str | None) -> None:
    """Who was chosen and why, who declined, what was spent, what each post brought, what was learned, what next."""
    (head,) = query(connection, "demo_head", iteration_key=key)
    rows = query(connection, "demo_placements", iteration_key=key)
    refused = query(connection, "demo_refusals", iteration_key=key)
    findings = query(connection, "demo_findings", iteration_key=key)
    out.print(f"\n[bold]What «{head['campaign']}» brought[/]")
    out.print(
        f"  {head['signed']} of {head['offered']} creators who got an offer signed; "
        f"{_money(head['spent'], head['currency'])} of {_money(head['budget_amount'], head['currency'])} spent."
    )
    _print_reasons(out, rows)
    _print_refusals(out, refused)
    out.print("\n[bold]What each post brought[/]")
    out.print(_post_table(rows, head["currency"], head["conversion_kind"]))
    _print_kpis(out, connection, key)
    out.print("\n[bold]What the retrospective found[/]")
    for finding in findings:
        out.print(f"  [{_colour(finding['side'])}]{finding['side']}[/]: {finding['statement']}", markup=True)
    for lesson in query(connection, "demo_lessons", iteration_key=key):
        out.print(f"  [dim]{lesson['owner']} ({lesson['lane']}) takes along:[/] {lesson['statement']}")
    if following:
        out.print(f"\n[bold]The next iteration[/] is proposed and waits for a signature: {following}")
    out.print("\n[bold]What to try next[/]")
    for number, text in enumerate(TRY_NEXT, start=1):
        out.print(f"  {number}. {text}")


def _print_reasons(out: Console, rows: Sequence[sa.RowMapping]) -> None:
    out.print("  Chosen, for instance:")
    for row in rows[:REASONS_SHOWN]:
        out.print(f"    [bold]{row['creator']}[/] ({row['market']}): {row['reason']}")


def _print_refusals(out: Console, refused: Sequence[sa.RowMapping]) -> None:
    if refused:
        names = "; ".join(f"{row['creator']} ({row['state']})" for row in refused[:MOST_ROWS])
        out.print(f"  Not on board: {names}.")


def _post_table(rows: Sequence[sa.RowMapping], currency: str, conversion_kind: str) -> Table:
    """Fits 80 columns: long names are cut, figures never."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    noun = NOUNS.get(conversion_kind, "conversion")
    table.add_column("\n  creator", no_wrap=True, overflow="ellipsis", max_width=CREATOR_WIDTH)
    for heading in ("\ncost", "\nviews", "\nclicks", f"\n{noun}s", "\nrevenue", f"cost per\n{noun}"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("\nnote", no_wrap=True, min_width=NOTE_WIDTH)
    for row in rows[:MOST_ROWS]:
        cost_each = _money(row["cost"] / row["conversions"], currency) if row["conversions"] else "–"
        table.add_row(
            f"  {row['market']} {row['creator']}",
            _money(row["cost"], currency, whole=True),
            f"{row['views']:,}",
            f"{row['clicks']:,}",
            f"{row['conversions']:,}",
            _money(row["revenue"], currency, whole=True),
            cost_each,
            row["note"],
        )
    return table


def _print_kpis(out: Console, connection: sa.Connection, key: str) -> None:
    out.print("\n[bold]Against the plan[/]")
    for row in query(connection, "demo_kpis", iteration_key=key):
        mark = {True: "[green]reached[/]", False: "[red]missed[/]", None: "[dim]not measured[/]"}[row["is_reached"]]
        out.print(
            f"  {row['name']}: {_figure(row['result_value'])} of {_figure(row['target_value'])} {row['unit']} – {mark}"
        )


def _money(amount: object, currency: str, *, whole: bool = False) -> str:
    from decimal import Decimal

    from babel.numbers import format_currency

    sum_of_money = Decimal(str(amount or 0))
    if whole:
        return format_currency(sum_of_money, currency, format="¤#,##0", locale="en", currency_digits=False)
    return format_currency(sum_of_money, currency, locale="en")


def _figure(value: object) -> str:
    if value is None:
        return "–"
    number = float(str(value))
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:,.2f}"  # two digits below a hundred


def _colour(side: str) -> str:
    return {"marketing": "magenta", "technology": "blue", "both": "yellow"}.get(side, "white")
