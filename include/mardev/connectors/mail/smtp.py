"""Sends mail with the standard library, one connection for each message."""

import smtplib
import ssl
from email import policy
from email.message import EmailMessage

from mardev.connectors.errors import DeliveryUncertain
from mardev.connectors.mail.guard import guard_recipients
from mardev.connectors.mail.limits import DEFAULT_PORT, TIMEOUT_SECONDS, TLS_PORT
from mardev.connectors.mail.refusals import recipient_refusal, refusal_of
from mardev.domain.connection import ConnectionRecord
from mardev.errors import FixFirst

_ACCEPTED = (250, 251)


class SmtplibTransport:
    """Sends through the server of a connection.

    The connection's extra field is that of Airflow's SMTP connections: `disable_ssl` (default: TLS from the first
    byte), `disable_tls` (default: STARTTLS where SSL is disabled), `timeout`, `from_email` as the envelope's sender;
    and `allow_list`, `allow_everybody_approved_by` as in `guard`.

    Raises:
        FixFirst: the connection is incomplete.
    """

    def __init__(self, record: ConnectionRecord) -> None:
        if not record.host:
            raise FixFirst(f"Connection {record.name} has no host (the mail server).")
        self._record = record
        self._uses_ssl = not _is_set(record, "disable_ssl")
        self._uses_starttls = not self._uses_ssl and not _is_set(record, "disable_tls")
        self._timeout = float(record.extra.get("timeout") or TIMEOUT_SECONDS)

    def send(self, message: EmailMessage) -> None:
        """Send `message` once.

        Raises:
            RecipientNotAllowed: this world does not write to this recipient.
            AddressRefused: the server refuses the recipient for good.
            CredentialRejected: login refused.
            TransportFailed: the server is not there or asks to try later; nothing was sent.
            DeliveryUncertain: the connection broke after the message was handed over.
        """
        recipients = guard_recipients(self._record, message)
        sender = str(self._record.extra.get("from_email") or message["From"].addresses[0].addr_spec)
        server = self._open()
        try:
            self._hand_over(server, sender, recipients, message)
        finally:
            _say_goodbye(server)

    def check(self) -> None:
        """Log in and out again: the server is there and takes us. Raises as `send` does."""
        _say_goodbye(self._open())

    def _open(self) -> smtplib.SMTP:
        # Made only where it is used: reading the trusted certificates takes longer than a mail.
        context = ssl.create_default_context() if self._uses_ssl or self._uses_starttls else None
        server: smtplib.SMTP | None = None
        try:
            if self._uses_ssl:
                server = smtplib.SMTP_SSL(
                    self._record.host, self._record.port or TLS_PORT, timeout=self._timeout, context=context
                )
            else:
                server = smtplib.SMTP(self._record.host, self._record.port or DEFAULT_PORT, timeout=self._timeout)
            if self._uses_starttls:
                server.starttls(context=context)
            if self._record.login:
                server.login(self._record.login, self._record.password)
            server.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            if server is not None:
                _say_goodbye(server)
            raise refusal_of(error) from None
        return server

    def _hand_over(self, server: smtplib.SMTP, sender: str, recipients: tuple[str, ...], message: EmailMessage) -> None:
        content = message.as_bytes(policy=policy.SMTP.clone(utf8=False))
        options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
        try:
            code, reply = server.mail(sender, options)
            if code not in _ACCEPTED:
                raise smtplib.SMTPSenderRefused(code, reply, sender)
            for recipient in recipients:
                code, _ = server.rcpt(recipient)
                if code not in _ACCEPTED:
                    raise recipient_refusal(code)
        except (smtplib.SMTPException, OSError) as error:
            raise refusal_of(error) from None
        try:
            code, reply = server.data(content)
        except smtplib.SMTPDataError as error:
            raise refusal_of(error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryUncertain(
                f"The connection to the mail server broke ({type(error).__name__}) after the message was handed over; "
                "whether it was sent is not known."
            ) from None
        if code not in _ACCEPTED:
            raise refusal_of(smtplib.SMTPDataError(code, reply))


def _is_set(record: ConnectionRecord, option: str) -> bool:
    return str(record.extra.get(option, False)).lower() in ("true", "1")


def _say_goodbye(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):  # it was the last word anyway
        server.close()
