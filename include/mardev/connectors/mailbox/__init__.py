"""The brand's own mailbox: what came in, read through the Gmail API."""

from mardev.connectors.mailbox.client import Mailbox
from mardev.connectors.mailbox.records import Attachment, ReceivedMail, parse_mail

__all__ = ["Attachment", "Mailbox", "ReceivedMail", "parse_mail"]
