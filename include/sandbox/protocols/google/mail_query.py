"""The search box of Gmail, as far as programs use it: ``after:1790000000 is:unread from:creator``."""

from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.model import StoredMail
from sandbox.protocols.google.messages import parse, text_of

Test = Callable[[StoredMail], bool]


def compile_query(text: str) -> Test:
    """A test for mails; every term must hold, and a term with ``-`` must not.

    ``after:`` and ``before:`` take epoch seconds or ``YYYY/MM/DD``; `after` includes its second, `before` does not.

    Examples:
        >>> compile_query("after:0")  # doctest: +ELLIPSIS
        <function ...>
    """
    tests = [_term(word) for word in text.split()]

    def holds(mail: StoredMail) -> bool:
        return all(test(mail) for test in tests)

    return holds


def _term(word: str) -> Test:
    if word.startswith("-") and len(word) > 1:
        inner = _term(word[1:])
        return lambda mail: not inner(mail)
    operator, separator, value = word.partition(":")
    make = _OPERATORS.get(operator.lower()) if separator else None
    return make(value) if make and value else _words(word)


def _after(value: str) -> Test:
    begin = _instant(value)
    return lambda mail: mail.sent_at >= begin


def _before(value: str) -> Test:
    end = _instant(value)
    return lambda mail: mail.sent_at < end


def _is(value: str) -> Test:
    wanted = {"unread": True, "read": False}.get(value.lower())
    return lambda mail: wanted is not None and mail.unread is wanted


def _in(value: str) -> Test:
    return lambda mail: mail.folder == value.lower()


def _from(value: str) -> Test:
    return lambda mail: value.casefold() in mail.sender.casefold()


def _to(value: str) -> Test:
    return lambda mail: value.casefold() in mail.recipient.casefold()


def _subject(value: str) -> Test:
    return lambda mail: value.casefold() in mail.subject.casefold()


def _message_id(value: str) -> Test:
    wanted = value.strip("<>")
    return lambda mail: str(parse(mail.raw).get("Message-ID", "")).strip("<> ") == wanted


def _words(word: str) -> Test:
    wanted = word.casefold()
    return lambda mail: wanted in f"{mail.subject}\n{mail.sender}\n{text_of(parse(mail.raw))}".casefold()


def _instant(value: str) -> datetime:
    """Epoch seconds or a day; what is neither is before all times, as the real search box ignores it."""
    if value.isdigit() and len(value) > 8:
        return datetime.fromtimestamp(int(value[:12]), UTC)
    try:
        return datetime.strptime(value.replace("-", "/"), "%Y/%m/%d").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


_OPERATORS: dict[str, Callable[[str], Test]] = {
    "after": _after,
    "before": _before,
    "is": _is,
    "in": _in,
    "from": _from,
    "to": _to,
    "subject": _subject,
    "rfc822msgid": _message_id,
}
