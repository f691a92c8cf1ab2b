"""Errors that only a connector can meet. Each is under one of the project's three intents."""

from mardev.errors import FixFirst, SkipRecord


class RequestRefused(FixFirst):
    """The service says that the request itself is wrong; `reason` is the service's own word, when it has one."""

    def __init__(self, message: str, *, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class NotThere(SkipRecord):
    """The thing asked for does not exist, or not any more."""


class AccessHidden(SkipRecord):
    """The owner does not show this to others."""


class SubscriptionsHidden(AccessHidden):
    """The channel hides whom it subscribes to."""


class AddressRefused(SkipRecord):
    """The mail server refuses this recipient for good. `code` is the reply code of RFC 5321, or 0."""

    def __init__(self, message: str, *, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class RecipientNotAllowed(SkipRecord):
    """This world does not write to this recipient; nothing was sent."""


class DeliveryUncertain(FixFirst):
    """The connection broke after the message was handed over: it may or may not have been sent.

    Never to be repeated by itself, hence no `RetryLater`: evidence settles it (the recipient answered, the mail
    server's log) or a person does.
    """
