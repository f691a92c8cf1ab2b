"""The one thing every way of sending mail can do."""

from email.message import EmailMessage
from typing import Protocol


class MailTransport(Protocol):
    """Hands a finished message to a mail server. Knows nothing of what it says."""

    def send(self, message: EmailMessage) -> None:
        """Send `message` once, to its `To`.

        Raises:
            AddressRefused: the server refuses the recipient for good.
            TransportFailed: no answer, or the server asks to try later; it was not sent.
            DeliveryUncertain: the connection broke after it was handed over; it may have been sent.
            CredentialRejected: login refused.
        """
        ...
