"""Client for the brand's own shop."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from mardev.connectors.calls import Answer, Call
from mardev.connectors.client import PipelineClient
from mardev.connectors.http import RequestPipeline
from mardev.connectors.reading import OnMalformed, log_malformed
from mardev.connectors.shop.landing import app_page
from mardev.connectors.shop.records import OrderRecord, PromoCode, read_orders, write_codes
from mardev.domain.connection import ConnectionRecord
from mardev.errors import FixFirst


class Shop(PipelineClient):
    """Takes promo codes, gives orders.

    The connection's extra field `app_url` is the pattern of the landing pages, such as
    ``https://shop.example/app/{market}``.

    Every method raises, beside what its own docstring names, CredentialRejected, TransportFailed, ContractBroken.
    """

    def __init__(
        self,
        pipeline: RequestPipeline,
        record: ConnectionRecord,
        now: Callable[[], datetime],
        *,
        on_malformed: OnMalformed = log_malformed,
    ) -> None:
        super().__init__(pipeline)
        if not record.host:
            raise FixFirst(f"Connection {record.name} has no host (the address of the shop).")
        self._root = record.host.rstrip("/")
        self._record = record
        self._now = now
        self._on_malformed = on_malformed

    def upload_codes(self, codes: Sequence[PromoCode]) -> None:
        """Give the shop these codes; one it knows already is replaced. Nothing is sent when there are none.

        Raises:
            RecordMalformed: a code that the shop cannot take.
            RequestRefused: the shop refuses the file.
        """
        if codes:
            self._ask("codes.upload", "POST", "/codes", content=write_codes(codes))

    def orders(self, since: datetime | None = None) -> Iterator[OrderRecord]:
        """Yield the orders since an instant, that instant included.

        A row that cannot be read is handed to `on_malformed` and left out.
        """
        instant = since.astimezone(UTC).isoformat().replace("+00:00", "Z") if since else ""
        query = "?" + urlencode({"since": instant}) if instant else ""
        yield from read_orders(self._ask("orders.list", "GET", f"/orders.csv{query}").text(), self._on_malformed)

    def app_page(self, market: str, parameters: Mapping[str, str] | None = None) -> str:
        """As `shop.landing.app_page`."""
        return app_page(self._record, market, parameters)

    def _ask(self, operation: str, method: str, path: str, content: bytes | None = None) -> Answer:
        return self._pipeline.send(
            Call(
                operation=operation,
                method=method,
                url=self._root + path,
                headers={"Accept": "text/csv", **({"Content-Type": "text/csv; charset=utf-8"} if content else {})},
                content=content,
                expects="anything",
                is_repeatable=True,  # an upload replaces what it uploaded before
            )
        )
