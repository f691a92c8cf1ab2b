"""The shop: codes with their history, orders made by people, and who wants to hear of them."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from sandbox.clock import in_utc
from sandbox.hashing import token
from sandbox.model import CONVERSION_KINDS, CURRENCY, MARKETS, Order, PromoCode, SandboxError, Webhook

UTM_NAMES = ("source", "medium", "campaign", "content")
PURCHASE_PRICES = (Decimal("2.99"), Decimal("4.99"), Decimal("9.99"), Decimal("14.99"))


@dataclass(frozen=True, slots=True)
class _Uploaded:
    at: datetime
    code: PromoCode


class Shop:
    """Codes and orders that came from outside; the simulated orders are computed by `Trade`."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._codes: dict[str, list[_Uploaded]] = {}
        self.orders: list[Order] = []
        self.webhooks: list[Webhook] = []

    # ---- codes
    def upload(self, codes: list[PromoCode], at: datetime) -> None:
        for code in codes:
            self._codes.setdefault(code.code.upper(), []).append(_Uploaded(at, code))

    def codes(self) -> list[PromoCode]:
        return [uploads[-1].code for uploads in self._codes.values()]

    def code_at(self, code: str, instant: datetime) -> PromoCode | None:
        """The code as the shop knew it at the instant, if it was valid then."""
        known = [upload.code for upload in self._codes.get(code.upper(), []) if upload.at <= instant]
        if not known:
            return None
        last = known[-1]
        too_early = last.valid_from is not None and instant < last.valid_from
        too_late = last.valid_to is not None and instant > last.valid_to
        return None if too_early or too_late else last

    # ---- orders
    def check_order(self, market: str, kind: str, code: str, at: datetime) -> None:
        """SandboxError: unknown market or kind, or a code that is not valid."""
        if market not in MARKETS:
            raise SandboxError(f"No market {market}")
        if kind not in CONVERSION_KINDS:
            raise SandboxError(f"No conversion {kind}; there are {', '.join(CONVERSION_KINDS)}")
        if code and self.code_at(code, at) is None:
            raise SandboxError(f"The code {code} is not known or not valid now")

    def order(self, market: str, kind: str, code: str, utm: Mapping[str, str], at: datetime, *, is_test: bool) -> Order:
        """Take an order of a person or of a synthetic check."""
        number = len(self.orders)
        found = self.code_at(code, at) if code else None
        amount = Decimal(0)
        if kind == "purchase":
            full = PURCHASE_PRICES[number % len(PURCHASE_PRICES)]
            amount = discounted(full, found)
        order = Order(
            order_id=f"P{token(10, self._seed, 'order', number)}",
            ordered_at=at,
            kind=kind,
            market=market,
            promo_code=found.code if found else "",
            amount=amount,
            currency=CURRENCY,
            is_test=is_test,
            utm_source=utm.get("source", ""),
            utm_medium=utm.get("medium", ""),
            utm_campaign=utm.get("campaign", ""),
            utm_content=utm.get("content", ""),
        )
        self.orders.append(order)
        return order

    def orders_since(self, since: datetime | None) -> list[Order]:
        """They are in order of time, because the clock only goes forward."""
        start = bisect_left(self.orders, since, key=lambda order: order.ordered_at) if since else 0
        return self.orders[start:]


def discounted(full: Decimal, code: PromoCode | None) -> Decimal:
    """Price after the discount of the code, to the cent."""
    share = 1 - code.discount_percent / 100 if code else Decimal(1)
    return (full * share).quantize(Decimal("0.01"))


def plain_utm(utm: Mapping[str, str] | None) -> dict[str, str]:
    """Keys without the prefix, values as text, nothing else."""
    given = {str(name).removeprefix("utm_"): str(value) for name, value in (utm or {}).items()}
    return {name: given[name] for name in UTM_NAMES if given.get(name)}


def read_code_row(row: Mapping[str, str]) -> PromoCode:
    """SandboxError: no code, a date that is none, a discount outside 0 to 100."""
    code = str(row.get("code") or "").strip()
    if not code:
        raise SandboxError("A row has no code")
    try:
        discount = Decimal(str(row.get("discount_percent") or "0"))
        valid_from = _instant(str(row.get("valid_from") or ""), end_of_day=False)
        valid_to = _instant(str(row.get("valid_to") or ""), end_of_day=True)
    except (InvalidOperation, ValueError) as error:
        raise SandboxError(f"The row of code {code} cannot be read: {error}") from error
    if not 0 <= discount <= 100:
        raise SandboxError(f"The discount of code {code} is not between 0 and 100")
    return PromoCode(code, str(row.get("utm_content") or "").strip(), valid_from, valid_to, discount)


def _instant(text: str, *, end_of_day: bool) -> datetime | None:
    """A plain date means its first or its last second."""
    text = text.strip()
    if not text:
        return None
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    if end_of_day and len(text) == len("2026-10-05"):
        instant += timedelta(days=1, seconds=-1)
    return in_utc(instant)
