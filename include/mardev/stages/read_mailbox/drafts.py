"""A draft that came back: kept as the next version, checked by the rules, sent back with what to change."""

from dataclasses import asdict
from datetime import timedelta

import sqlalchemy as sa

from mardev.briefs.mails import MailKind
from mardev.briefs.replies import read_draft
from mardev.briefs.rules import RuleFinding, check_draft, failed_details, verdict_of
from mardev.connectors.mailbox import ReceivedMail
from mardev.domain.words import Verdict
from mardev.stages.conversation import Conversation, date_text
from mardev.stages.create.write_briefs import link_of
from mardev.stages.lookups import Row, iteration_row, placements_of
from mardev.warehouse import tables

REVISIONS_ASKED = 2
REVISION_WITHIN = timedelta(hours=36)


def take_draft(connection: sa.Connection, conversation: Conversation, deal: Row, mail: ReceivedMail) -> bool:
    """Keep and judge a draft of the deal's placement.

    Returns:
        False when the mail holds no draft, or none is expected.
    """
    draft = read_draft(mail.reply_text)
    placement = next(
        (
            row
            for row in placements_of(connection, deal["iteration_key"], "briefed", "drafted")
            if row["deal_key"] == deal["deal_key"]
        ),
        None,
    )
    if placement is None or not draft.is_draft:
        return False
    findings = judge_draft(connection, placement, draft.body)
    version = _next_version(connection, placement["placement_key"])
    connection.execute(
        sa.insert(tables.draft).values(
            placement_key=placement["placement_key"],
            version=version,
            world=placement["world"],
            body=draft.body,
            received_at=mail.received_at,
            verdict=str(verdict_of(findings)),
            findings=[asdict(finding) for finding in findings],
        )
    )
    connection.execute(
        sa.update(tables.placement)
        .where(tables.placement.c.placement_key == placement["placement_key"])
        .values(state="drafted")
    )
    if verdict_of(findings) is not Verdict.READY and version <= REVISIONS_ASKED:
        _ask_for_revision(connection, conversation, deal, placement, findings, version, mail)
    return True


def judge_draft(connection: sa.Connection, placement: Row, text: str) -> list[RuleFinding]:
    """What the rules say of a draft; the same judgement in `create` and in `verify`."""
    link = link_of(connection, placement["placement_key"])
    if link is None:
        return [RuleFinding("link", False, "The placement has no tracking link yet")]
    return check_draft(
        text,
        link=link["short_url"],
        code=link["promo_code"],
        market=placement["country"],
        language=placement["language"],
    )


def _ask_for_revision(
    connection: sa.Connection,
    conversation: Conversation,
    deal: Row,
    placement: Row,
    findings: list[RuleFinding],
    version: int,
    mail: ReceivedMail,
) -> None:
    link = link_of(connection, placement["placement_key"])
    if link is None:
        return
    draft_by = min(mail.received_at + REVISION_WITHIN, iteration_row(connection, deal["iteration_key"])["flight_from"])
    conversation.write(
        connection,
        MailKind.REVISION,
        deal,
        mail.received_at,
        integration_type=placement["integration_type"],
        placement_key=placement["placement_key"],
        number=version,
        changes=failed_details(findings),
        link=link["short_url"],
        code=link["promo_code"],
        draft_by=date_text(draft_by),
    )


def _next_version(connection: sa.Connection, placement_key: str) -> int:
    newest = connection.execute(
        sa.select(sa.func.max(tables.draft.c.version)).where(tables.draft.c.placement_key == placement_key)
    ).scalar()
    return int(newest or 0) + 1
