"""The Analytics Data API: ``POST v1beta/properties/{property}:runReport``."""

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from sandbox.protocols.ga4.report import date_range, report
from sandbox.protocols.google.answers import finish
from sandbox.protocols.google.http import respond
from sandbox.protocols.google.refusals import GoogleRefusal, WireAnswer, invalid_argument, invalid_token
from sandbox.protocols.tokens import Tokens, bearer, same
from sandbox.protocols.validation import google_contract
from sandbox.world import World

SERVICE = "analyticsdata.googleapis.com"
METHOD = "properties.runReport"
INTEGERS = ("limit", "offset")
TOKENS_PER_DAY = 200_000
TOKENS_PER_HOUR = 40_000
TOKENS_PER_PROJECT_AND_HOUR = 14_000
CONCURRENT_REQUESTS = 10
ROWS_PER_TOKEN = 1_000


class AnalyticsService:
    """The one property of the brand; any property number means it."""

    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens
        self._contract = google_contract("analyticsdata.v1beta")
        self._window = ("", "")
        self._spent_day = 0
        self._spent_hour = 0

    def answer(self, property_number: str, authorization: str | None, raw: bytes, selector: str | None) -> WireAnswer:
        """Answer one report; refusals are answers too.

        Raises:
            AnswerBreaksContract: what we were about to send is not what the platform sends.
        """
        try:
            if not same(bearer(authorization), self._tokens.google_bearer):
                raise invalid_token(SERVICE)
            if not property_number.isdigit():
                raise invalid_argument("Invalid property ID. A numeric Property ID is required.")
            request = self._request(raw)
            first, last = date_range(request, self._world.now.date())
            body = report(request, self._world.sessions(first, last))
            cost = self._charge(len(body["rows"]))
            if request.get("returnPropertyQuota"):
                body["propertyQuota"] = self._property_quota(cost)
            return finish(self._contract, METHOD, body, selector=selector, if_none_match=None, tagged=False)
        except GoogleRefusal as refusal:
            return refusal.answer(lists_errors=False)

    def _request(self, raw: bytes) -> dict[str, Any]:
        try:
            request = json.loads(raw)
        except ValueError:
            raise invalid_argument("Invalid JSON payload received. Unexpected token.") from None
        if not isinstance(request, dict):
            raise invalid_argument("Invalid JSON payload received. An object is expected.")
        # A 64-bit number may come as a JSON number although it is described as a string.
        request |= {name: str(request[name]) for name in INTEGERS if isinstance(request.get(name), int)}
        if found := self._contract.checker("RunReportRequest").violations(request):
            raise invalid_argument(f"Invalid JSON payload received: {found[0]}")
        if any(int(request.get(name, 0)) < 0 for name in INTEGERS):
            raise invalid_argument("The limit and the offset must not be negative.")
        return request

    def _charge(self, rows: int) -> int:
        """Count core tokens; small reports cost one."""
        now = self._world.now
        day, hour = now.strftime("%Y-%m-%d"), now.strftime("%Y-%m-%dT%H")
        self._spent_day = self._spent_day if self._window[0] == day else 0
        self._spent_hour = self._spent_hour if self._window[1] == hour else 0
        self._window = (day, hour)
        cost = 1 + rows // ROWS_PER_TOKEN
        self._spent_day += cost
        self._spent_hour += cost
        return cost

    def _property_quota(self, cost: int) -> dict[str, Any]:
        def left(limit: int, spent: int) -> dict[str, int]:
            return {"consumed": cost, "remaining": max(0, limit - spent)}

        return {
            "tokensPerDay": left(TOKENS_PER_DAY, self._spent_day),
            "tokensPerHour": left(TOKENS_PER_HOUR, self._spent_hour),
            "concurrentRequests": {"consumed": 0, "remaining": CONCURRENT_REQUESTS},
            "serverErrorsPerProjectPerHour": {"consumed": 0, "remaining": CONCURRENT_REQUESTS},
            "potentiallyThresholdedRequestsPerHour": {"consumed": 0, "remaining": 120},
            "tokensPerProjectPerHour": left(TOKENS_PER_PROJECT_AND_HOUR, self._spent_hour),
        }


def router(service: AnalyticsService) -> APIRouter:
    """Routes of the API under ``/analytics/``."""
    routes = APIRouter(prefix="/analytics/v1beta", include_in_schema=False)

    async def run_report(request: Request) -> Response:
        answer = service.answer(
            request.path_params["number"],
            request.headers.get("authorization"),
            await request.body(),
            request.query_params.get("fields"),
        )
        return respond(answer)

    routes.add_api_route("/properties/{number}:runReport", run_report, methods=["POST"])
    return routes
