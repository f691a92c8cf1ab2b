"""Who may get mail: the sandbox writes to made-up addresses only, a live world to nobody unless somebody allowed it."""

from email.message import EmailMessage
from email.utils import getaddresses

from mardev.connectors.errors import RecipientNotAllowed
from mardev.connectors.mail.limits import SANDBOX_ENDING
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.errors import WorldsMixed


def guard_recipient(world: World, address: str, record: ConnectionRecord) -> None:
    """Go on only when `world` may write to `address`.

    Args:
        world: the world of the message.
        address: the bare address.
        record: the connection it leaves through. Its extra field tells a live world whom it may write to:
            `allow_list`, addresses or domains written as ``@domain.org``, as a list or divided by commas or spaces;
            or `allow_everybody_approved_by`, who lifted the list (the head of marketing technology).

    Raises:
        RecipientNotAllowed: it may not. The message does not repeat the address.
        WorldsMixed: the connection belongs to the other world.
    """
    if record.world != world:
        raise WorldsMixed(f"A message of the {world} world cannot leave through {record.name}: that is {record.world}.")
    local, _, domain = address.strip().lower().rpartition("@")
    if not (local and domain and address.isascii()) or any(character.isspace() for character in address.strip()):
        raise RecipientNotAllowed("Not an address: nothing was sent.")
    is_made_up = domain.endswith(SANDBOX_ENDING)
    if world is World.SANDBOX:
        if not is_made_up:
            raise RecipientNotAllowed(f"The sandbox writes only to addresses that end in {SANDBOX_ENDING}.")
        return
    if is_made_up:
        raise RecipientNotAllowed("A live world does not write to addresses of the sandbox.")
    allowed = _allow_list(record)
    if not (record.extra.get("allow_everybody_approved_by") or {f"{local}@{domain}", f"@{domain}"} & allowed):
        raise RecipientNotAllowed(
            "This live world writes only to its allow-list until the head of marketing technology lifts it "
            f"(extra fields `allow_list`, `allow_everybody_approved_by` of connection {record.name})."
        )


def guard_recipients(record: ConnectionRecord, message: EmailMessage) -> tuple[str, ...]:
    """Every address `message` goes to, once each of them was found to be allowed.

    Raises:
        RecipientNotAllowed: one of them is not allowed, or there is none.
    """
    headers = [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name, [])]
    addresses = tuple(address for _, address in getaddresses(headers) if address)
    if not addresses:
        raise RecipientNotAllowed("The message has no recipient.")
    for address in addresses:
        guard_recipient(record.world, address, record)
    return addresses


def _allow_list(record: ConnectionRecord) -> set[str]:
    listed = record.extra.get("allow_list") or ()
    entries = listed.replace(",", " ").split() if isinstance(listed, str) else (str(one) for one in listed)
    return {entry.strip().lower() for entry in entries}
