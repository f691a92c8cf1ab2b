"""Marketing step of `publish`: the go-live mail with link, code, disclosure and date, for what passed the gate."""

from typing import Any

import sqlalchemy as sa

from mardev.briefs.mails import MailKind
from mardev.domain.words import Lane, Stage, Verdict
from mardev.stages.context import StageContext
from mardev.stages.conversation import conversation_of, date_text
from mardev.stages.create.write_briefs import deal_of, link_of, window_calendar
from mardev.stages.lookups import placements_of
from mardev.stages.toolchain.check_in import PlacementVerdict, give_check_in, ready_placements
from mardev.warehouse import tables

GOING_ON = ("briefed", "drafted", "verified")
ARMED = ("armed", "live")
"""Only when the step runs again: what it said before stays said."""

IN_PREPARATION = ("booked", "briefed", "drafted", "verified")


def write_go_live_mails(context: StageContext) -> dict[str, Any]:
    """Queue one go-live mail for each placement that both lanes of `verify` call ready; hold the others."""
    now = context.clock.now()
    conversation = conversation_of(context)
    with context.warehouse.begin() as connection:
        ready = set(ready_placements(connection, context.iteration_key, Stage.VERIFY))
        placements = placements_of(connection, context.iteration_key, "booked", *GOING_ON, *ARMED, "held")
        verdicts = []
        for placement in placements:
            key = placement["placement_key"]
            link = link_of(connection, key)
            if key not in ready or link is None or placement["state"] == "booked":
                verdicts.append(PlacementVerdict(key, Verdict.HELD, "It did not pass the gate of Verify", "see Verify"))
                _set_state(connection, key, "held")
                continue
            conversation.write(
                connection,
                MailKind.GO_LIVE,
                deal_of(connection, placement),
                now,
                integration_type=placement["integration_type"],
                placement_key=key,
                calendar=window_calendar(placement, conversation, now),
                link=link["short_url"],
                code=link["promo_code"],
                window_from=date_text(placement["window_from"]),
                window_to=date_text(placement["window_to"]),
            )
            if placement["state"] in GOING_ON:
                _set_state(connection, key, "verified")
            verdicts.append(PlacementVerdict(key, Verdict.READY))
        give_check_in(connection, context.iteration_key, Stage.PUBLISH, Lane.MARKETING, now, verdicts)
    return {str(verdict): sum(row.verdict is verdict for row in verdicts) for verdict in Verdict}


def _set_state(connection: sa.Connection, placement_key: str, state: str) -> None:
    """Move a placement that is still in preparation; what technology armed meanwhile stays armed."""
    placement = tables.placement
    connection.execute(
        sa.update(placement)
        .where(placement.c.placement_key == placement_key, placement.c.state.in_(IN_PREPARATION))
        .values(state=state)
    )
