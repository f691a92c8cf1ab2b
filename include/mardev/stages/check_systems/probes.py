"""One small, harmless question for each system: does it answer as it should?"""

import smtplib
from collections.abc import Callable
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from mardev.connectors.shop import app_page
from mardev.errors import MarDevError, TransportFailed
from mardev.stages.clients import analytics, landing, mailbox, shlink, shop, youtube
from mardev.stages.context import StageContext

TIMEOUT_SECONDS = 5.0
SMTP_OK = 250
"""RFC 5321, section 4.2.2."""
NO_SUCH_VIDEO = "AAAAAAAAAAA"
"""An id that need not exist: an answer without items is a healthy answer, and costs one unit."""


class Probes:
    """Asks the systems of one world."""

    def __init__(self, context: StageContext) -> None:
        self._context = context
        self._questions: dict[str, Callable[[str], None]] = {
            "youtube": self._youtube,
            "mail": self._mail,
            "mailbox": self._mailbox,
            "redirector": self._redirector,
            "shop": self._shop,
            "landing": self._landing,
            "analytics": self._analytics,
            "warehouse": self._warehouse,
        }

    def probe(self, system_key: str, market: str) -> dict[str, Any]:
        """`is_healthy`, `latency_ms` and `detail` of one check. Never raises: trouble is the answer."""
        started = perf_counter()
        try:
            self._questions[system_key](market)
        except (MarDevError, OSError, smtplib.SMTPException, sa.exc.SQLAlchemyError) as error:
            detail = str(error) if isinstance(error, MarDevError) else f"No answer ({type(error).__name__})"
            return {"is_healthy": False, "latency_ms": (perf_counter() - started) * 1000, "detail": detail}
        return {"is_healthy": True, "latency_ms": (perf_counter() - started) * 1000, "detail": ""}

    def _youtube(self, _market: str) -> None:
        with youtube(self._context) as client:
            list(client.statistics([NO_SUCH_VIDEO]))

    def _mail(self, _market: str) -> None:
        record = self._context.record("mardev_mail")
        with smtplib.SMTP(record.host, record.port or 25, timeout=TIMEOUT_SECONDS) as server:
            server.ehlo_or_helo_if_needed()  # raises when the server sends us away
            code, _ = server.noop()
        if code != SMTP_OK:
            raise TransportFailed(f"The mail server answers {code}")

    def _mailbox(self, _market: str) -> None:
        position = f"{round(self._context.clock.now().timestamp() * 1000)};"
        with mailbox(self._context) as client:
            next(iter(client.new_messages(position)), None)

    def _redirector(self, _market: str) -> None:
        with shlink(self._context) as client:
            client.health()

    def _shop(self, _market: str) -> None:
        with shop(self._context) as client:
            list(client.orders(self._context.clock.now()))

    def _landing(self, market: str) -> None:
        page = app_page(self._context.record("mardev_shop"), market)
        with landing(self._context) as pages:
            answer = pages.follow(page)
        if not answer.is_open:
            raise TransportFailed(f"The page answers {answer.status_code}")

    def _analytics(self, _market: str) -> None:
        today = self._context.clock.now().date()
        with analytics(self._context) as client:
            list(client.sessions_by_content(today, today))

    def _warehouse(self, _market: str) -> None:
        with self._context.warehouse.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
