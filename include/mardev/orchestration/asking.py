"""Asking a person through Airflow's human-in-the-loop machinery: what a decision and a hand-over have in common."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import sqlalchemy as sa
from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk.configuration import conf

from mardev.errors import FixFirst
from mardev.stages import decisions
from mardev.stages.context import StageContext
from mardev.stages.decisions import Answer, AnswerRefused, Request
from mardev.stages.invitations import Member, members, person_of_login, queue_invitations
from mardev.warehouse.tables import iteration

REASON = "reason"


class AskingOperator(HITLOperator):
    """Opens a request in the warehouse, parks the task, and takes only an answer that the warehouse has recorded."""

    def ask(self, context: Any, stage: StageContext, request: Request, *, only: str | None = None) -> NoReturn:
        """Open the next attempt (or keep the one a crash left open), invite, and park the task."""
        with stage.warehouse.begin() as connection:
            latest = decisions.latest_request(connection, request.iteration_key, request.decision_key)
            asked = latest if latest and latest.state == "open" and latest.run_id == request.run_id else None
            now = stage.clock.now()
            if asked is None:
                asked = decisions.open_request(connection, request, now)
            invited = members(connection, decisions.roles_that_answer(asked), only=only)
            if not invited:
                raise FixFirst(_nobody(asked, only))
            url = page_url(asked.page_path)
            queue_invitations(connection, asked, invited, world=stage.world, page_url=url, at=now)
        self.assigned_users = [{"id": member.airflow_user_id, "name": member.person} for member in invited]
        self.body = three_lines(asked, invited, url)
        super().execute(context)
        raise AssertionError("a human-in-the-loop task parks itself")

    def take_answer(
        self, context: Any, stage: StageContext, event: Mapping[str, Any], request: Request, *, only: str | None = None
    ) -> Answer:
        """The recorded answer to the open request; one given in Airflow's own form is recorded here.

        A bad answer (wrong role, no reason) asks again.
        """
        if "error" in event:
            self.process_trigger_event_error(dict(event))
        with stage.warehouse.connect() as connection:
            asked = decisions.latest_request(connection, request.iteration_key, request.decision_key)
            if asked is None:
                raise FixFirst(f"Nobody was asked for {request.decision_key} yet. Clear this task: it asks.")
            given = decisions.read_answer(connection, asked.iteration_key, asked.decision_key, asked.attempt)
        if given is not None:
            return given
        try:
            return self._record(stage, asked, event)
        except AnswerRefused as refusal:
            self.log.warning("The answer was not taken: %s Asking again.", refusal)
            with stage.warehouse.begin() as connection:
                decisions.withdraw(connection, asked)
            self.ask(context, stage, request, only=only)

    def _record(self, stage: StageContext, asked: Request, event: Mapping[str, Any]) -> Answer:
        user = event.get("responded_by_user") or {}
        with stage.warehouse.connect() as connection:
            person = person_of_login(connection, str(user.get("id", "")))
        if person is None:
            raise decisions.NotYourDecision("Whoever answered holds no role here.")
        fields = dict(event.get("params_input") or {})
        return decisions.answer(
            stage.warehouse,
            stage.clock,
            iteration_key=asked.iteration_key,
            decision_key=asked.decision_key,
            person=person,
            answer=str(next(iter(event["chosen_options"]), "")),
            reason=str(fields.pop(REASON, "") or ""),
            fields=fields,
        )


def three_lines(request: Request, invited: Sequence[Member], url: str) -> str:
    """The body of a request: who decides, who else has a say, and where to look. Markdown."""
    names = ", ".join(escaped(member.full_name) for member in invited)
    return (
        f"**Accountable:** {request.accountable_role}. **Asked:** {names}.\n\n"
        f"**Responsible:** {escaped(request.responsible)}. **Consulted:** {escaped(request.consulted)}. "
        f"**Informed:** {escaped(request.informed)}.\n\n"
        f"[Look at it and answer]({url})"
    )


def escaped(text: str) -> str:
    """Text from outside, safe inside Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-!|~" else sign for sign in " ".join(text.split()))


def page_url(path: str) -> str:
    return str(conf.get("api", "base_url", fallback="")).rstrip("/") + path


def campaign_of(stage: StageContext) -> str:
    """The campaign's name as people know it."""
    with stage.warehouse.connect() as connection:
        name = connection.scalar(
            sa.select(iteration.c.campaign).where(iteration.c.iteration_key == stage.iteration_key)
        )
    if name is None:
        raise FixFirst(f"There is no iteration {stage.iteration_key}.")
    return str(name)


def _nobody(asked: Request, only: str | None) -> str:
    if only:
        return f"{only} was named to sign but does not hold the role {asked.role}. Give the role, then clear this task."
    return f"Nobody holds the role {asked.role}. Give it to a person (table core.role_member), then clear this task."
