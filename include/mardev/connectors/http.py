"""The request pipeline: every request of every connector takes this way, each attempt of it.

licence -> breaker -> quota -> pace -> HTTP -> settle -> raw archive -> judgement

Retries happen here and nowhere else, so that each attempt is counted by the ledger.
"""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from mardev.connectors.calls import Answer, Call
from mardev.connectors.errors import AccessHidden, NotThere, RequestRefused
from mardev.connectors.judgement import (
    NEVER_SENT,
    Judge,
    Judgement,
    error_without_answer,
    judge_by_status,
    retry_after_seconds,
)
from mardev.connectors.pace import Pace
from mardev.connectors.protocols import Breaker, QuotaLedger, RawArchive, Reservation
from mardev.connectors.redaction import credential_digest, guard_http_logs
from mardev.errors import ContractBroken, CredentialRejected, MarDevError, QuotaExhausted, TransportFailed
from mardev.policy.retention import raw_answer_expires_at
from mardev.policy.sources import policy_of

TIMEOUT_SECONDS = 15.0
CONNECT_TIMEOUT_SECONDS = 5.0
MAX_CONNECTIONS = 32
REDIRECTS = range(300, 400)

ReasonReader = Callable[[Answer], str]
"""Finds the service's own word for a refusal in its answer; empty when there is none."""


def open_http(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """One pooled, thread-safe client. The caller closes it (a pipeline's `close` does)."""
    guard_http_logs()
    return httpx.Client(
        timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_TIMEOUT_SECONDS),
        limits=httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS),
        follow_redirects=False,
        trust_env=True,
        verify=trusted_certificates(),
        transport=transport,
    )


@cache
def trusted_certificates() -> ssl.SSLContext:
    """Read once: it costs more time than most requests."""
    return httpx.create_ssl_context(trust_env=True)


@dataclass(frozen=True)
class RetryRule:
    """How often and how patiently a request is repeated. Longer waits are Airflow's, not a worker's."""

    attempts: int = 3
    first_wait_seconds: float = 0.25
    longest_wait_seconds: float = 5.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)


@dataclass(frozen=True)
class Dialect:
    """How one service talks about failure."""

    judge: Judge = judge_by_status
    reason: ReasonReader = field(default=lambda _answer: "")


class _TryAgain(Exception):  # it never leaves this module
    """An attempt failed in a way that another attempt may mend; carries the error to raise when none does."""

    def __init__(self, error: TransportFailed, wait_seconds: float | None) -> None:
        super().__init__()
        self.error = error
        self.wait_seconds = wait_seconds


class RequestPipeline:
    """Sends calls to one service on behalf of one credential. Safe to share between threads.

    Args:
        http: the pooled client; closed by `close`.
        api: the service's name in policies, quotas, breaker and archive.
        quota, breaker, archive: see `connectors.protocols`.
        now: the clock of the world that the connection belongs to.
        auth: adds the credential to a request, at the last moment.
        credential: the secret, for its digest only; it is not kept.
        connection: name of the connection, for messages that say what to correct.
        dialect: how the service words its refusals.
        pace: how fast it may be asked; None for no limit of ours.
        retries: how often and how patiently an attempt is repeated.
        on_close: called by `close`, last.
        on_repeat: told of each call that is asked again because it got no useful answer.

    Raises:
        FixFirst: there is no policy for `api`, so it is not asked.
    """

    def __init__(
        self,
        http: httpx.Client,
        api: str,
        quota: QuotaLedger,
        breaker: Breaker,
        archive: RawArchive,
        now: Callable[[], datetime],
        *,
        auth: httpx.Auth | None = None,
        credential: str = "",
        connection: str = "",
        dialect: Dialect | None = None,
        pace: Pace | None = None,
        retries: RetryRule | None = None,
        on_close: Callable[[], None] = lambda: None,
        on_repeat: Callable[[Call], None] = lambda _call: None,
    ) -> None:
        guard_http_logs()
        self._policy = policy_of(api)
        self._http = http
        self.api = api
        self._quota = quota
        self._breaker = breaker
        self._archive = archive
        self._now = now
        self._auth = auth
        self._credential = credential_digest(credential)
        self._connection = connection or f"mardev_{api}"
        self._dialect = dialect or Dialect()
        self._pace = pace
        self._retries = retries or RetryRule()
        self._on_close = on_close
        self._on_repeat = on_repeat

    def __repr__(self) -> str:
        return f"RequestPipeline(api={self.api!r})"

    def send(self, call: Call) -> Answer:
        """Ask until there is an answer or asking again is of no use.

        Raises:
            QuotaExhausted: nothing left, by our ledger or by the service's word; carries when it resets.
            TransportFailed: no answer, a 5xx, a broken body, or more patience asked for than a worker has.
            CredentialRejected: the key or token is refused.
            NotThere, AccessHidden: this one record cannot be had.
            RequestRefused: the service calls the request itself wrong.
            FixFirst: the connection's host is not a usable address.
        """
        try:
            return self._retrying()(self._attempt, call)
        except _TryAgain as last:
            raise last.error from None

    def remaining_units(self, bucket: str = "default") -> int | None:
        """Units left of this window's quota; None where none is kept."""
        return self._quota.remaining(self.api, bucket, self._credential, self._now())

    def limit_units(self, bucket: str = "default") -> int | None:
        """Units of a whole window; None where none is kept."""
        return self._quota.limit(self.api, bucket)

    def share_units(self, bucket: str = "default") -> int | None:
        """Units of a whole window that we can have when all others take theirs; None where no quota is kept."""
        return self._quota.share(self.api, bucket)

    def close(self) -> None:
        """Write what the archive still holds and close the connections."""
        try:
            self._archive.flush()
        finally:
            self._http.close()
            self._on_close()

    def _retrying(self) -> Retrying:
        patience = wait_random_exponential(multiplier=self._retries.first_wait_seconds, max=2.0)

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.wait_seconds if isinstance(error, _TryAgain) else None
            return patience(state) if asked is None else asked

        return Retrying(
            stop=stop_after_attempt(self._retries.attempts),
            wait=wait,
            retry=retry_if_exception(lambda error: isinstance(error, _TryAgain)),
            before_sleep=lambda state: self._on_repeat(state.args[0]),
            sleep=self._retries.sleep,
            reraise=True,
        )

    def _attempt(self, call: Call) -> Answer:
        at = self._now()
        self._breaker.check(self.api, at)
        reservation = self._quota.reserve(self.api, call.bucket, self._credential, call.units, at)
        if self._pace:
            self._pace.wait(call.units)
        answer = self._ask(call, reservation, at)
        self._keep(call, answer)
        reason = self._dialect.reason(answer) if answer.status_code not in call.accepted else ""
        judgement = self._judge(call, answer, reason)
        if judgement is not Judgement.TROUBLE:
            self._breaker.succeeded(self.api, at)
        if judgement is not Judgement.FINE:
            raise self._failure(call, answer, judgement, reason)
        return answer

    def _ask(self, call: Call, reservation: Reservation, at: datetime) -> Answer:
        try:
            request = self._http.build_request(call.method, call.url, headers=dict(call.headers), content=call.content)
            response = self._http.send(request, auth=self._auth)
        except MarDevError:  # the credential's own error, before anything was sent
            self._quota.settle(reservation, 0)
            raise
        except (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError) as error:
            never_sent = isinstance(error, NEVER_SENT)
            self._quota.settle(reservation, 0 if never_sent else reservation.units)
            ours = error_without_answer(error, self.api, call.operation)
            if not isinstance(ours, TransportFailed):
                raise ours from None
            self._breaker.failed(self.api, at, str(ours))
            if never_sent or call.may_repeat:
                raise _TryAgain(ours, None) from None
            raise ours from None
        self._quota.settle(reservation, reservation.units)
        return Answer(call.operation, response.status_code, response.headers, response.content, self._now())

    def _keep(self, call: Call, answer: Answer) -> None:
        if self._policy.keeps_raw_answers:
            expires_at = raw_answer_expires_at(self.api, answer.fetched_at)
            self._archive.keep(self.api, call.digest, answer.fetched_at, expires_at, answer.status_code, answer.content)

    def _judge(self, call: Call, answer: Answer, reason: str) -> Judgement:
        if answer.status_code in call.accepted:
            return Judgement.FINE
        judgement = self._dialect.judge(answer.status_code, reason)
        has_body = judgement is Judgement.FINE and answer.status_code not in (204, 304)
        if has_body and call.expects == "json":
            try:
                answer.json()
            except TransportFailed:
                return Judgement.TROUBLE
        return judgement

    def _failure(self, call: Call, answer: Answer, judgement: Judgement, reason: str) -> Exception:
        said = f"{answer.status_code} {reason}".strip()
        where = f"{self.api}: {call.operation}"
        match judgement:
            case Judgement.QUOTA_SPENT:
                resets_at = self._quota.exhaust(self.api, call.bucket, self._credential, self._now())
                return QuotaExhausted(
                    f"{where}: the service says that the quota of bucket {call.bucket} is spent; it resets at "
                    f"{resets_at:%Y-%m-%d %H:%M} UTC.",
                    resets_at=resets_at,
                )
            case Judgement.CREDENTIAL:
                return CredentialRejected(
                    f"{where} was refused ({said}). Check the password and the rights of connection {self._connection}."
                )
            case Judgement.ABSENT:
                return NotThere(f"{where}: not there ({said}).")
            case Judgement.HIDDEN:
                return AccessHidden(f"{where}: hidden by its owner ({said}).")
            case Judgement.BUSY | Judgement.TROUBLE:
                return self._trouble(call, answer, judgement, f"{where} failed ({said}).")
        if answer.status_code in REDIRECTS:
            return ContractBroken(f"{where} was answered with a redirect ({said}). Check the host of the connection.")
        return RequestRefused(f"{where}: the service calls the request wrong ({said}).", reason=reason)

    def _trouble(self, call: Call, answer: Answer, judgement: Judgement, message: str) -> Exception:
        if judgement is Judgement.TROUBLE:
            self._breaker.failed(self.api, answer.fetched_at, message)
        seconds = retry_after_seconds(answer.headers.get("retry-after"), answer.fetched_at)
        if seconds is not None and seconds > self._retries.longest_wait_seconds:
            return TransportFailed(message, not_before=answer.fetched_at + timedelta(seconds=seconds))
        error = TransportFailed(message)
        # A busy service did not do what was asked; one in trouble may have.
        return _TryAgain(error, seconds) if call.may_repeat or judgement is Judgement.BUSY else error
