"""Mail leaves through Airflow's SMTP provider: the connection a person edits in Airflow is the one that counts."""

import smtplib
from email.message import EmailMessage
from typing import Any

from mardev.connectors.errors import AddressRefused, DeliveryUncertain
from mardev.errors import CredentialRejected, TransportFailed

PERMANENT = 500


class SmtpHookTransport:
    """A `MailTransport` on the provider's hook. One connection a message; not thread-safe."""

    def __init__(self, connection_id: str) -> None:
        self._connection_id = connection_id

    def send(self, message: EmailMessage) -> None:
        """Send `message` once.

        Raises:
            AddressRefused: the server refuses the recipient for good.
            DeliveryUncertain: the connection broke after the message was handed over.
            TransportFailed: no answer, or the server asks to try later; nothing was sent.
            CredentialRejected: login refused.
        """
        client = self._connected()
        try:
            client.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            raise _refusal(error) from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise DeliveryUncertain("The mail server hung up in the middle of a message.") from error
        finally:
            client.close()

    def _connected(self) -> smtplib.SMTP:
        from airflow.providers.smtp.hooks.smtp import SmtpHook
        from airflow.sdk.exceptions import AirflowException

        # The hook's own sending builds its own message; ours carries a calendar part and its Message-ID.
        hook: Any = SmtpHook(smtp_conn_id=self._connection_id)
        try:
            hook.get_conn()
        except smtplib.SMTPAuthenticationError as error:
            raise CredentialRejected(
                f"The mail server refuses the login of connection {self._connection_id}. Correct it in Airflow."
            ) from error
        except (smtplib.SMTPException, AirflowException, OSError) as error:
            raise TransportFailed("The mail server does not answer.") from error
        client: smtplib.SMTP = hook._smtp_client
        return client


def _refusal(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> Exception:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()), (0, b""))[0]
    else:
        code = error.smtp_code
    if code >= PERMANENT:
        return AddressRefused("The mail server refuses this recipient.", code=code)
    return TransportFailed("The mail server asks to try later.")
