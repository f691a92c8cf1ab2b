"""Templates: one environment, everything escaped, the words of `words.py` as filters."""

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from mardev.pages import words
from mardev.pages.access import Person
from mardev.stages.decisions import ANSWERS_WITH_REASON

FOLDER = Path(__file__).parent
NOTES = {
    "answered": "Your answer is recorded, and Airflow goes on with it.",
    "forwarded": "Airflow has your answer.",
    "changed": "The plan is changed.",
    "vertical": "The communities are changed. What was merged, split or pinned stays together in the next graphs.",
    "started": "The next iteration was started. It appears under Iterations within a minute.",
}
FILTERS = (
    words.money, words.count, words.number, words.compact, words.percent, words.instant, words.day, words.duration,
    words.words, words.language_name, words.country_name, words.listing, words.web_address, words.measured,
    words.evidence_lines, words.evidence_items, words.quota_lines, words.asset_name,
)  # fmt: skip


@cache
def environment() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update({function.__name__: function for function in FILTERS})
    templates.globals.update(
        ROLE_NAMES=words.ROLE_NAMES,
        LANE_NAMES=words.LANE_NAMES,
        STAGE_NAMES=words.STAGE_NAMES,
        DECISION_NAMES=words.DECISION_NAMES,
        PLACEMENT_STATES=words.PLACEMENT_STATES,
        DEAL_STATES=words.DEAL_STATES,
        needs_reason=lambda answer: answer in ANSWERS_WITH_REASON,
        ratio=words.ratio,
        period=words.period,
    )
    return templates


def own_base(request: Request) -> str:
    """Path under which the pages are mounted (``/mardev``), without a slash at the end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def airflow_base(request: Request) -> str:
    """Path of Airflow itself: empty, or the prefix it is served under."""
    return own_base(request).removesuffix("/mardev")


def render(
    request: Request, template: str, *, person: Person | None, status_code: int = 200, **values: Any
) -> HTMLResponse:
    """The page `template` filled with `values`."""
    text = (
        environment()
        .get_template(template)
        .render(
            base=own_base(request),
            airflow_base=airflow_base(request),
            person=person,
            here=request.url.path,
            note=NOTES.get(request.query_params.get("note", "")),
            **values,
        )
    )
    return HTMLResponse(text, status_code=status_code)
