"""Creators: everybody found so far as a table to narrow down, and a card of each with what it rests on."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any, Literal
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from mardev.domain.words import TIER_BORDERS, Role, Tier
from mardev.pages import audience_words
from mardev.pages.access import CurrentPerson, ReadConnection, services_of
from mardev.pages.iteration_head import only_world
from mardev.pages.sparkline import Line, line_of
from mardev.pages.view import own_base, render
from mardev.pages.words import country_name, language_name
from mardev.policy.sources import POLICIES
from mardev.stages.plan.join_accounts import decide_same_creator
from mardev.warehouse.read import query

PAGE_ROWS = 50
HISTORY_ROWS = 200
RANKS_SHOWN = 12
NEIGHBOURS_SHOWN = 12
SORTS = {"rank": "Rank", "subscribers": "Subscribers", "daily_views": "Views a day", "name": "Name"}
router = APIRouter()

Sort = Literal["rank", "subscribers", "daily_views", "name"]
Choice = Annotated[str, Query(max_length=40)]


@router.get("/creators", response_class=HTMLResponse)
def creators(
    request: Request,
    person: CurrentPerson,
    connection: ReadConnection,
    words: Annotated[str, Query(max_length=120)] = "",
    platform: Choice = "",
    country: Choice = "",
    language: Choice = "",
    vertical: Annotated[str, Query(pattern=r"^\d{0,9}$")] = "",
    tier: Tier | Literal[""] = "",
    sort: Sort = "rank",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    run = newest_graph_run(connection)
    asked = {
        "words": words.strip(), "platform": platform, "country": country, "language": language, "vertical": vertical,
        "tier": tier, "sort": sort,
    }  # fmt: skip
    at_least, less_than = borders_of(tier)
    rows = query(
        connection,
        "creators_found",
        words=asked["words"],
        platform=platform,
        country=country,
        language=language,
        vertical=int(vertical) if vertical else None,
        at_least=at_least,
        less_than=less_than,
        sort=sort,
        graph_run_key=run["graph_run_key"] if run else "",
        row_limit=PAGE_ROWS,
        skipped=(page - 1) * PAGE_ROWS,
    )
    choices = query(connection, "creator_choices")[0]
    return render(
        request,
        "creators.html",
        person=person,
        world=only_world(connection),
        rows=rows,
        found_count=rows[0]["found_count"] if rows else 0,
        choices=choices,
        countries=sorted(choices["countries"] or (), key=country_name),
        languages=sorted(choices["languages"] or (), key=language_name),
        verticals=query(connection, "verticals_of_graph", graph_run_key=run["graph_run_key"]) if run else (),
        tiers=list(Tier),
        sorts=SORTS,
        run=run,
        asked=asked,
        page=page,
        page_rows=PAGE_ROWS,
    )


@router.get("/creators/{channel_key:path}", response_class=HTMLResponse)
def creator(request: Request, person: CurrentPerson, connection: ReadConnection, channel_key: str) -> HTMLResponse:
    found = query(connection, "creator_card", channel_key=channel_key)
    if not found:
        raise HTTPException(404, "There is no such creator, or everything about them was erased.")
    channel = found[0]
    run = newest_graph_run(connection)
    policy = POLICIES.get(channel["platform"])
    audience = next(iter(query(connection, "creator_audience", channel_key=channel_key)), None)
    history = query(connection, "creator_history", channel_key=channel_key, row_limit=HISTORY_ROWS)
    neighbours = query(
        connection,
        "creator_neighbours",
        channel_key=channel_key,
        graph_run_key=run["graph_run_key"] if run else "",
        row_limit=NEIGHBOURS_SHOWN,
    )
    from mardev.topidis.influence_score import PARTS  # numpy comes with it

    return render(
        request,
        "creator.html",
        person=person,
        world=channel["world"],
        channel=channel,
        policy=policy,
        audience=audience,
        audience_verdicts=audience_words.VERDICTS,
        no_audience_score=audience_words.why_no_score(channel, audience, policy),
        lines=counter_lines(history),
        history_count=len(history),
        score_parts=PARTS,
        ranks=query(connection, "creator_ranks", channel_key=channel_key, row_limit=RANKS_SHOWN),
        neighbours={direction: list(rows) for direction, rows in groupby(neighbours, lambda row: row["direction"])},
        lists=query(connection, "creator_lists", channel_key=channel_key),
        work=query(connection, "creator_work", channel_key=channel_key),
        accounts=query(connection, "creator_accounts", channel_key=channel_key),
        may_join=person.may(Role.MARKETING),
    )


@router.post("/same-creator")
def same_creator(
    request: Request,
    person: CurrentPerson,
    channel_key: Annotated[str, Form(max_length=300)],
    other_key: Annotated[str, Form(max_length=300)],
    answer: Annotated[str, Form(max_length=20)],
) -> RedirectResponse:
    """Say whether two accounts are one creator's; the card is shown again."""
    services = services_of(request)
    decide_same_creator(services.writer(), channel_key, other_key, answer, person.name, services.clock().now())
    return RedirectResponse(f"{own_base(request)}/creators/{quote(channel_key, safe=':')}?note=joined#accounts", 303)


def newest_graph_run(connection: sa.Connection) -> Any:
    """The newest graph run, None before the first."""
    return next(iter(query(connection, "graph_run_to_show", iteration_key=None)), None)


def borders_of(tier: Tier | str) -> tuple[int | None, int | None]:
    """Subscribers of a tier: at least, and less than; None where there is no border.

    Examples:
        >>> borders_of(Tier.MICRO), borders_of(Tier.MEGA), borders_of("")
        ((10000, 100000), (1000000, None), (None, None))
    """
    if not tier:
        return None, None
    lower = 0
    for border, below in TIER_BORDERS:
        if below == tier:
            return lower, border
        lower = border
    return lower, None


def counter_lines(history: Sequence[sa.RowMapping]) -> list[tuple[str, Line]]:
    """A line for each counter that was read at two moments or more.

    Views counted by another definition are another thing: each definition gets a line of its own.
    """
    lines = [("Subscribers", _line(history, "subscribers"))]
    definitions = dict.fromkeys(row["view_definition"] for row in history if row["average_daily_views"] is not None)
    for definition in definitions:
        of_definition = [row for row in history if row["view_definition"] == definition]
        name = "Views a day" if len(definitions) == 1 else f"Views a day, as counted by “{definition}”"
        lines.append((name, _line(of_definition, "average_daily_views")))
    return [(name, line) for name, line in lines if line is not None]


def _line(history: Sequence[sa.RowMapping], counter: str) -> Line | None:
    points: list[tuple[datetime, float]] = [
        (row["snapshot_at"], float(row[counter])) for row in history if row[counter] is not None
    ]
    return line_of(points)
