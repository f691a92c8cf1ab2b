"""What a mail server's refusal means. Its text is never repeated: it holds addresses."""

import smtplib

from mardev.connectors.errors import AddressRefused
from mardev.connectors.mail.limits import FIRST_PERMANENT_REPLY
from mardev.errors import CredentialRejected, FixFirst, MarDevError, TransportFailed


def recipient_refusal(code: int) -> MarDevError:
    """Our error for a refused recipient."""
    if code >= FIRST_PERMANENT_REPLY:
        return AddressRefused(f"The mail server refuses this recipient for good ({code}).", code=code)
    return TransportFailed(f"The mail server does not take this recipient now ({code}).")


def refusal_of(error: Exception) -> MarDevError:
    """Our error for one of smtplib's, raised before the message was handed over."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [int(code) for code, _ in error.recipients.values()]
        return recipient_refusal(max(codes, default=0))
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return CredentialRejected(
            f"The mail server refuses the login ({error.smtp_code}). Check login and password of the mail connection."
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return FixFirst(
            "The mail server does not offer what the connection asks for (STARTTLS or login). "
            "Check the extra field of the mail connection."
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return TransportFailed(f"The mail server does not take the message ({error.smtp_code}).")
    return TransportFailed(f"The mail server did not answer ({type(error).__name__}).")
