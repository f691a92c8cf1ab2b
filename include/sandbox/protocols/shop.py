"""The shop's own interface: orders as CSV, codes as CSV, webhooks for new orders."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from sandbox.model import CONVERSION_KINDS, MARKETS, Order, SandboxError
from sandbox.protocols.tokens import Tokens, bearer, same
from sandbox.protocols.validation import PATTERNS, Checker
from sandbox.world import World

ORDER_COLUMNS = (
    "order_id",
    "ordered_at",
    "kind",
    "market",
    "promo_code",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "amount",
    "currency",
    "is_test",
)
CODE_COLUMNS = ("code", "utm_content", "valid_from", "valid_to", "discount_percent")
CODE_BYTES = 2_000_000
ORDER_ROWS = Checker(
    "shop orders",
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": list(ORDER_COLUMNS),
            "additionalProperties": False,
            "properties": {name: {"type": "string"} for name in ORDER_COLUMNS}
            | {
                "order_id": {"type": "string", "minLength": 1},
                "ordered_at": {"type": "string", "pattern": PATTERNS["date-time"]},
                "kind": {"enum": list(CONVERSION_KINDS)},
                "market": {"enum": list(MARKETS)},
                "amount": {"type": "string", "pattern": r"^\d+\.\d\d$"},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "is_test": {"enum": ["true", "false"]},
            },
        },
    },
)


class ShopProblem(Exception):
    """The request is answered with a problem document."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail

    def response(self) -> Response:
        body = {"type": "about:blank", "title": self.title, "detail": self.detail, "status": self.status}
        headers = {"www-authenticate": "Bearer"} if self.status == 401 else None
        return Response(json.dumps(body), self.status, headers, "application/problem+json")


def orders_csv(world: World, since: str) -> str:
    """Orders from `since` (ISO, included) to the world's now.

    Raises:
        ShopProblem: `since` is not an instant.
        AnswerBreaksContract: an order the shop could not have.
    """
    rows = [_order_row(order) for order in world.orders(_instant(since))]
    ORDER_ROWS.check(rows)
    return _csv(ORDER_COLUMNS, rows)


def take_codes(world: World, raw: bytes) -> dict[str, int]:
    """Store the rows of a CSV file; all or none.

    Raises:
        ShopProblem: it is too big, not CSV, lacks a column, or the shop refuses a row.
    """
    if len(raw) > CODE_BYTES:
        raise ShopProblem(413, "File too large", f"A file of codes has at most {CODE_BYTES} bytes.")
    try:
        reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), strict=True)
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error):
        raise ShopProblem(400, "Not a CSV file", "Codes are taken as CSV in UTF-8.") from None
    if missing := [name for name in CODE_COLUMNS if name not in (reader.fieldnames or [])]:
        raise ShopProblem(400, "Missing columns", f"The file lacks: {', '.join(missing)}.")
    try:
        return {"accepted": world.upload_codes([{name: row[name] or "" for name in CODE_COLUMNS} for row in rows])}
    except SandboxError as refusal:
        raise ShopProblem(400, "Refused code", str(refusal)) from None


def codes_csv(world: World) -> str:
    """All codes the shop knows."""
    rows = [
        {
            "code": code.code,
            "utm_content": code.utm_content,
            "valid_from": _shown(code.valid_from),
            "valid_to": _shown(code.valid_to),
            "discount_percent": str(code.discount_percent),
        }
        for code in world.codes()
    ]
    return _csv(CODE_COLUMNS, rows)


def take_webhook(world: World, sent: Any) -> dict[str, str]:
    """Register who wants to hear of new orders. The secret is not repeated.

    Raises:
        ShopProblem: no web address or no secret.
    """
    url, secret = (sent.get(name) for name in ("url", "secret")) if isinstance(sent, dict) else (None, None)
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise ShopProblem(400, "Invalid webhook", "The field `url` must be a web address.")
    if not isinstance(secret, str) or not secret:
        raise ShopProblem(400, "Invalid webhook", "The field `secret` must not be empty.")
    return {"url": world.register_webhook(url, secret).url}


def router(world: World, tokens: Tokens) -> APIRouter:
    """Routes under ``/shop``."""
    routes = APIRouter(prefix="/shop", include_in_schema=False)

    def route(path: str, method: str, action: str) -> None:
        async def call(request: Request) -> Response:
            try:
                if not same(bearer(request.headers.get("authorization")), tokens.shop_bearer):
                    raise ShopProblem(401, "Unauthorized", "A bearer token of this shop is needed.")
                return await _act(world, action, request)
            except ShopProblem as problem:
                return problem.response()

        routes.add_api_route(path, call, methods=[method])

    route("/orders.csv", "GET", "orders")
    route("/codes", "GET", "codes")
    route("/codes", "POST", "take_codes")
    route("/webhooks", "POST", "take_webhook")
    route("/health", "GET", "health")
    return routes


async def _act(world: World, action: str, request: Request) -> Response:
    if action == "orders":
        return Response(orders_csv(world, request.query_params.get("since", "")), media_type="text/csv")
    if action == "codes":
        return Response(codes_csv(world), media_type="text/csv")
    if action == "health":
        return _json(200, {"status": "pass"})
    if action == "take_codes":
        return _json(200, take_codes(world, await request.body()))
    try:
        sent = json.loads(await request.body())
    except ValueError:
        raise ShopProblem(400, "Not JSON", "The body must be a JSON object.") from None
    return _json(201, take_webhook(world, sent))


def _order_row(order: Order) -> dict[str, str]:
    return {
        "order_id": order.order_id,
        "ordered_at": _shown(order.ordered_at),
        "kind": order.kind,
        "market": order.market,
        "promo_code": order.promo_code,
        "utm_source": order.utm_source,
        "utm_medium": order.utm_medium,
        "utm_campaign": order.utm_campaign,
        "utm_content": order.utm_content,
        "amount": f"{order.amount:.2f}",
        "currency": order.currency,
        "is_test": "true" if order.is_test else "false",
    }


def _csv(columns: tuple[str, ...], rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _shown(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _instant(text: str) -> datetime | None:
    given = text.strip().replace(" ", "+")  # a plus sign that nobody escaped
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise ShopProblem(400, "Invalid instant", "The parameter `since` must be an ISO 8601 instant.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json(status: int, body: Mapping[str, Any]) -> Response:
    return Response(json.dumps(body), status, media_type="application/json")
