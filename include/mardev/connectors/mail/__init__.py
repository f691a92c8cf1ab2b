"""Mail going out: what a message looks like, who may get one, and how it leaves."""

from mardev.connectors.mail.compose import calendar_of, compose
from mardev.connectors.mail.guard import guard_recipient, guard_recipients
from mardev.connectors.mail.smtp import SmtplibTransport
from mardev.connectors.mail.transport import MailTransport

__all__ = [
    "MailTransport",
    "SmtplibTransport",
    "calendar_of",
    "compose",
    "guard_recipient",
    "guard_recipients",
]
