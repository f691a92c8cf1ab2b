"""Orders and promo codes as exact types; money is Decimal, read as it stands."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from mardev.connectors.reading import OnMalformed, parse_instant
from mardev.connectors.shop.limits import CODE_COLUMNS, MAX_FIELD_CHARACTERS, ORDER_COLUMNS
from mardev.domain.words import ConversionKind
from mardev.errors import ContractBroken, RecordMalformed

_AMOUNT = re.compile(r"-?\d{1,13}(?:\.\d{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MARKET = re.compile(r"[A-Z]{2}")
_TRUE = frozenset({"true", "1", "yes", "t", "y"})
_FALSE = frozenset({"false", "0", "no", "f", "n", ""})


@dataclass(frozen=True)
class OrderRecord:
    """A conversion as the shop knows it.

    Attributes:
        amount, currency: both None where no money was paid; negative is a refund.
        is_test: made by a check of ours, never counted.
    """

    order_id: str
    ordered_at: datetime
    kind: ConversionKind
    market: str
    promo_code: str | None
    utm_source: str | None
    utm_medium: str | None
    utm_campaign: str | None
    utm_content: str | None
    amount: Decimal | None
    currency: str | None
    is_test: bool


@dataclass(frozen=True)
class PromoCode:
    """A code that the shop shall accept from one instant to another, both aware."""

    code: str
    utm_content: str
    valid_from: datetime
    valid_to: datetime
    discount_percent: int


def write_codes(codes: Iterable[PromoCode]) -> bytes:
    """Codes as the shop takes them.

    Raises:
        RecordMalformed: a text starts like a formula, or a discount is not within 0 and 100.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(CODE_COLUMNS)
    for code in codes:
        for name in (code.code, code.utm_content):
            if not name or name[0] in "=+-@\t\r":
                raise RecordMalformed("a code must start with a letter or digit")
        if not 0 <= code.discount_percent <= 100:  # per cent
            raise RecordMalformed("discount_percent is not within 0 and 100")
        writer.writerow(
            (code.code, code.utm_content, _utc(code.valid_from), _utc(code.valid_to), code.discount_percent)
        )
    return file.getvalue().encode()


def read_orders(text: str, on_malformed: OnMalformed) -> Iterator[OrderRecord]:
    """Orders of a CSV file: columns in any order, more columns than documented, and a semicolon or a tab for the comma.

    A row that cannot be read is handed to `on_malformed` and left out.

    Raises:
        ContractBroken: a documented column is missing, or there is no header.
    """
    lines = text.removeprefix("\ufeff")
    header = lines.split("\n", 1)[0]
    if not header.strip():
        raise ContractBroken("orders.csv is empty: not even a header.")
    separator = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(lines, newline=""), delimiter=separator, strict=False)
    columns = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in ORDER_COLUMNS if name not in columns]:
        raise ContractBroken(f"orders.csv has no column {', '.join(missing)}.")
    reader.fieldnames = columns
    seen: set[str] = set()
    rows = iter(reader)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            on_malformed(None, f"orders.csv, line {reader.line_num}: not CSV")
            continue
        try:
            order = read_order(row)
            if order.order_id in seen:
                raise RecordMalformed("order_id stands in the file twice")
        except RecordMalformed as error:
            on_malformed(row, f"orders.csv, line {reader.line_num}: {error}")
            continue
        seen.add(order.order_id)
        yield order


def read_order(row: Mapping[str | None, object]) -> OrderRecord:
    """One row.

    Raises:
        RecordMalformed: a field is missing or cannot be read.
    """
    if row.get(None):
        raise RecordMalformed("more cells than columns")
    cells = {name: _cell(row.get(name), name) for name in ORDER_COLUMNS}
    amount, currency = _money(cells["amount"], cells["currency"])
    try:
        kind = ConversionKind(cells["kind"].lower())
    except ValueError:
        raise RecordMalformed("kind is none of " + ", ".join(ConversionKind)) from None
    market = cells["market"].upper()
    if not _MARKET.fullmatch(market):
        raise RecordMalformed("market is not a country code")
    if not cells["order_id"]:
        raise RecordMalformed("order_id is missing")
    return OrderRecord(
        order_id=cells["order_id"],
        ordered_at=parse_instant(cells["ordered_at"], "ordered_at"),
        kind=kind,
        market=market,
        promo_code=cells["promo_code"] or None,
        utm_source=cells["utm_source"] or None,
        utm_medium=cells["utm_medium"] or None,
        utm_campaign=cells["utm_campaign"] or None,
        utm_content=cells["utm_content"] or None,
        amount=amount,
        currency=currency,
        is_test=_truth(cells["is_test"]),
    )


def _cell(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise RecordMalformed(f"{name} is missing")
    if len(value) > MAX_FIELD_CHARACTERS or "\x00" in value:
        raise RecordMalformed(f"{name} is too long or not a text")
    return value.strip()


def _money(amount: str, currency: str) -> tuple[Decimal | None, str | None]:
    if not amount:
        return None, None
    if not _AMOUNT.fullmatch(amount):
        raise RecordMalformed("amount is not an amount of money")
    if not _CURRENCY.fullmatch(currency.upper()):
        raise RecordMalformed("currency is not a currency code")
    return Decimal(amount), currency.upper()


def _truth(value: str) -> bool:
    if value.lower() not in _TRUE | _FALSE:
        raise RecordMalformed("is_test is neither true nor false")
    return value.lower() in _TRUE


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
