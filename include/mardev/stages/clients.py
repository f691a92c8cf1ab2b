"""Builds the connectors of a stage step: shared quota, breaker and archive in the warehouse, connections of its world.

Use a client with ``with``: leaving it writes what the archive still holds and closes the connections.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx

from mardev.clock import asked_rarely
from mardev.connectors.counted import CallCount, CountedQuota
from mardev.connectors.http import Dialect, RequestPipeline, open_http
from mardev.connectors.pace import Pace
from mardev.connectors.platforms import platform_kind
from mardev.connectors.protocols import QuotaLedger
from mardev.connectors.quota import BucketLimits
from mardev.connectors.reading import OnMalformed, log_malformed
from mardev.domain.connection import ConnectionRecord
from mardev.errors import CredentialRejected
from mardev.stages.call_quota import WarehouseQuota
from mardev.stages.call_records import SideConnection, WarehouseArchive, WarehouseBreaker
from mardev.stages.context import StageContext

if TYPE_CHECKING:
    from mardev.connectors.analytics import Analytics
    from mardev.connectors.mailbox import Mailbox
    from mardev.connectors.platform import OpenPlatform
    from mardev.connectors.shlink import Shlink
    from mardev.connectors.shop import LandingPages, Shop
    from mardev.connectors.youtube import YouTube

Authorise = Callable[[ConnectionRecord, httpx.Client], httpx.Auth | None]


def open_platform(
    context: StageContext, name: str, *, count: CallCount | None = None, on_malformed: OnMalformed = log_malformed
) -> "OpenPlatform":
    """Any platform, by its name, with its own connection.

    Args:
        context: of the step.
        name: as in ``bluesky``.
        count: told of every request that was sent.
        on_malformed: gets what cannot be read.

    Raises:
        FixFirst: there is no such platform, or its connection is missing or incomplete.
        WorldsMixed: the connection belongs to the other world.
    """
    kind = platform_kind(name)
    record = context.record(kind.connection)

    def make(*, auth: httpx.Auth | None = None, **options: Any) -> RequestPipeline:
        limits = kind.bucket_limits(record.extra)
        return _pipeline(context, record, name, auth=lambda _record, _http: auth, limits=limits, count=count, **options)

    return kind.open(make, record, asked_rarely(context.clock), on_malformed)


def youtube(context: StageContext, *, on_malformed: OnMalformed = log_malformed) -> "YouTube":
    """YouTube with the API key of connection `mardev_youtube`.

    Raises:
        FixFirst: the connection is missing or incomplete.
        WorldsMixed: it belongs to the other world.
    """
    from mardev.connectors.google import GOOGLE_DIALECT, ApiKey
    from mardev.connectors.youtube import YouTube, limits

    record = _with_password(context.record("mardev_youtube"), "the API key")
    pipeline = _pipeline(
        context,
        record,
        limits.API,
        auth=lambda record, _http: ApiKey(record.password),
        limits=limits.bucket_limits(record.extra),
        dialect=GOOGLE_DIALECT,
        pace=Pace(limits.REQUESTS_PER_SECOND, limits.BURST_REQUESTS),
    )
    return YouTube(pipeline, record, asked_rarely(context.clock), on_malformed=on_malformed)


def mailbox(context: StageContext, *, on_malformed: OnMalformed = log_malformed) -> "Mailbox":
    """The brand's mailbox with the token of connection `mardev_mailbox`. Raises as `youtube`."""
    from mardev.connectors.google import GOOGLE_DIALECT
    from mardev.connectors.google_credentials import bearer_of
    from mardev.connectors.mailbox import Mailbox, limits

    record = context.record("mardev_mailbox")
    pipeline = _pipeline(
        context,
        record,
        limits.API,
        auth=lambda record, http: bearer_of(record, limits.SCOPES, http),
        dialect=GOOGLE_DIALECT,
        pace=Pace(limits.UNITS_PER_MINUTE / 60, limits.UNITS_PER_MINUTE),
    )
    return Mailbox(pipeline, record, asked_rarely(context.clock), on_malformed=on_malformed)


def shlink(context: StageContext, *, on_malformed: OnMalformed = log_malformed) -> "Shlink":
    """The link shortener with the API key of connection `mardev_shlink`. Raises as `youtube`."""
    from mardev.connectors.headers import HeaderKey
    from mardev.connectors.shlink import Shlink, limits
    from mardev.connectors.shlink.client import problem_reason

    record = _with_password(context.record("mardev_shlink"), "the API key")
    pipeline = _pipeline(
        context,
        record,
        limits.API,
        auth=lambda record, _http: HeaderKey("X-Api-Key", record.password),
        dialect=Dialect(reason=problem_reason),
    )
    return Shlink(pipeline, record, asked_rarely(context.clock), on_malformed=on_malformed)


def analytics(context: StageContext, *, on_malformed: OnMalformed = log_malformed) -> "Analytics":
    """Analytics with the token of connection `mardev_analytics`. Raises as `youtube`."""
    from mardev.connectors.analytics import Analytics, limits
    from mardev.connectors.google import GOOGLE_DIALECT
    from mardev.connectors.google_credentials import bearer_of

    record = context.record("mardev_analytics")
    pipeline = _pipeline(
        context,
        record,
        limits.API,
        auth=lambda record, http: bearer_of(record, limits.SCOPES, http),
        limits=limits.bucket_limits(),
        dialect=GOOGLE_DIALECT,
    )
    return Analytics(pipeline, record, asked_rarely(context.clock), on_malformed=on_malformed)


def shop(context: StageContext, *, on_malformed: OnMalformed = log_malformed) -> "Shop":
    """The shop with the token of connection `mardev_shop`. Raises as `youtube`."""
    from mardev.connectors.google_credentials import BearerToken
    from mardev.connectors.shop import Shop, limits

    record = _with_password(context.record("mardev_shop"), "the access token")
    pipeline = _pipeline(context, record, limits.API, auth=lambda record, _http: BearerToken(lambda: record.password))
    return Shop(pipeline, record, asked_rarely(context.clock), on_malformed=on_malformed)


def landing(context: StageContext) -> "LandingPages":
    """The landing pages that connection `mardev_shop` names, opened without a credential. Raises as `youtube`."""
    from mardev.connectors.shop import LandingPages

    record = context.record("mardev_shop")
    return LandingPages(_pipeline(context, record, "landing", auth=lambda _record, _http: None, credential=""), record)


def _pipeline(
    context: StageContext,
    record: ConnectionRecord,
    api: str,
    *,
    auth: Authorise,
    limits: BucketLimits | None = None,
    dialect: Dialect | None = None,
    pace: Pace | None = None,
    credential: str | None = None,
    count: CallCount | None = None,
) -> RequestPipeline:
    http = open_http()
    try:
        authorisation = auth(record, http)
    except Exception:
        http.close()
        raise
    beside = SideConnection(context.warehouse)
    quota = WarehouseQuota(beside, limits or {}, context.run.dag_id)
    ledger: QuotaLedger = CountedQuota(quota, count) if count else quota

    def close() -> None:
        quota.close()
        beside.close()

    return RequestPipeline(
        http,
        api,
        ledger,
        WarehouseBreaker(beside, context.world),
        WarehouseArchive(beside, context.world),
        asked_rarely(context.clock),
        on_close=close,
        on_repeat=count.repeat if count else lambda _call: None,
        auth=authorisation,
        credential=record.password if credential is None else credential,
        connection=record.name,
        dialect=dialect,
        pace=pace,
    )


def _with_password(record: ConnectionRecord, what: str) -> ConnectionRecord:
    if not record.password:
        raise CredentialRejected(f"Connection {record.name} has no password ({what}).")
    return record
