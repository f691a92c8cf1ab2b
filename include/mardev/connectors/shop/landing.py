"""The brand's landing pages, opened the way a browser would, for our own checks; never counts as a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

from mardev.connectors.calls import Call
from mardev.connectors.client import PipelineClient
from mardev.connectors.http import RequestPipeline
from mardev.connectors.shop.limits import CHECK_USER_AGENT, MAX_REDIRECTS
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import ConversionKind
from mardev.errors import ContractBroken, FixFirst

_ANY_PAGE = frozenset(range(300, 600))
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class FollowedLink:
    """Where a link led. `status_code` is that of the last page; `redirects` were taken on the way."""

    final_url: str = field(repr=False)
    status_code: int
    redirects: int
    content: str = field(repr=False, default="")

    @property
    def is_open(self) -> bool:
        """The last page opened."""
        return 200 <= self.status_code < 300  # the success class of RFC 9110

    def parameter(self, name: str) -> str | None:
        """First value of a parameter of the last page's address."""
        values = parse_qs(urlsplit(self.final_url).query).get(name)
        return values[0] if values else None


def app_page(record: ConnectionRecord, market: str, parameters: Mapping[str, str] | None = None) -> str:
    """Address of the landing page of a market, with UTM parameters when given.

    Raises:
        FixFirst: the connection does not say where the landing pages are.
    """
    pattern = str(record.extra.get("app_url") or "")
    if "{market}" not in pattern:
        raise FixFirst(f"Connection {record.name}: extra field `app_url` must hold an address with {{market}} in it.")
    page = pattern.replace("{market}", quote(market, safe=""))
    return f"{page}?{urlencode(parameters)}" if parameters else page


class LandingPages(PipelineClient):
    """Opens links and pages. Its pipeline carries no credential: pages are anybody's.

    Every method raises, beside what its own docstring names, TransportFailed.
    """

    def __init__(self, pipeline: RequestPipeline, record: ConnectionRecord) -> None:
        super().__init__(pipeline)
        self._record = record

    def follow(self, url: str) -> FollowedLink:
        """Open `url` and every page it redirects to.

        A page that answers 404 or 500 is an answer here, not an error: the check reports it.

        Raises:
            ContractBroken: more than five redirects, or one without an address.
        """
        address = url
        for redirects in range(MAX_REDIRECTS + 1):
            answer = self._pipeline.send(
                Call(
                    operation="opening a page",
                    method="GET",
                    url=address,
                    headers={"User-Agent": CHECK_USER_AGENT, "Accept": "text/html"},
                    expects="anything",
                    accepted=_ANY_PAGE,
                )
            )
            if answer.status_code not in _REDIRECTS:
                return FollowedLink(address, answer.status_code, redirects, answer.text())
            target = answer.headers.get("location")
            if not target:
                raise ContractBroken("A redirect of the link names no address to go to.")
            address = urljoin(address, target)
        raise ContractBroken(f"The link redirects more than {MAX_REDIRECTS} times.")

    def convert_for_test(
        self, page: str, kind: ConversionKind, *, code: str, parameters: Mapping[str, str] | None = None
    ) -> None:
        """Make one synthetic conversion on a landing page; it comes back as an order with `is_test`.

        Args:
            page: address of the landing page; its query is left out.
            kind: what is converted.
            code: promo code.
            parameters: UTM parameters of the visit.

        Raises:
            RequestRefused: the page does not take it.
            NotThere: there is no such page.
        """
        form = {"kind": str(kind), "code": code, "test": "1", **(parameters or {})}
        self._pipeline.send(
            Call(
                operation="test conversion",
                method="POST",
                url=page.partition("?")[0].rstrip("/") + "/convert",
                headers={"Content-Type": "application/x-www-form-urlencoded", "User-Agent": CHECK_USER_AGENT},
                content=urlencode(form).encode(),
                expects="anything",
                accepted=frozenset({302, 303}),
            )
        )
