"""Tells registered listeners of new orders made by people. Best effort: a deaf listener costs nothing."""

import hashlib
import hmac
import json
import logging
import queue
import threading
import urllib.error
import urllib.request
from typing import Any

from sandbox.model import Webhook

SIGNATURE_HEADER = "X-Sandbox-Signature"
ATTEMPTS = 2
TIMEOUT_SECONDS = 3.0
_log = logging.getLogger(__name__)


def signature(secret: str, body: bytes) -> str:
    """``sha256=`` and the HMAC-SHA256 of the body in hexadecimal digits."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class WebhookSender:
    """Posts in a thread of its own, which ends with the process."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple[Webhook, bytes]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def send(self, webhook: Webhook, payload: dict[str, Any]) -> None:
        """Queue a JSON body; returns at once."""
        self._queue.put((webhook, json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="sandbox-webhooks", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            webhook, body = self._queue.get()
            for _ in range(ATTEMPTS):
                if self._post(webhook, body):
                    break

    @staticmethod
    def _post(webhook: Webhook, body: bytes) -> bool:
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(webhook.secret, body)}
        request = urllib.request.Request(webhook.url, data=body, headers=headers, method="POST")  # noqa: S310 -- scheme checked when registered
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return bool(200 <= answer.status < 300)
        except (urllib.error.URLError, OSError, ValueError):
            _log.info("A listener for orders did not answer")
            return False
