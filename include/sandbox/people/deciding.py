"""What a creator makes of an offer: the sum against a hidden price, the fit, the format, who else is in."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.hashing import chance, unit
from sandbox.model import Creator
from sandbox.people.reading import ReadMail

FORMAT_FACTOR = {
    "dedicated_video": Decimal("1.15"),
    "integrated_mention": Decimal("0.8"),
    "short": Decimal("0.45"),
    "live_stream": Decimal("0.9"),
    "giveaway": Decimal("0.95"),
    "post": Decimal("0.3"),
    "": Decimal("0.8"),
}
SILENT_SHARE = 0.10
PROOF_PER_NAME, MOST_PROOF = Decimal("0.07"), Decimal("0.21")
REMINDER_WORKS_SHARE = 0.3
NO_MORE_MAIL_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Decision:
    """`kind`: accept, counter, decline or silent. `asked_eur` only for a counter."""

    kind: str
    asked_eur: Decimal | None
    price_eur: Decimal
    """The least the creator would have taken for this."""
    wants_no_more_mail: bool = False


def price_of(creator: Creator, mail: ReadMail, known_names: int) -> Decimal:
    """The least sum in EUR for this format, less when respected names are already in.

    `known_names` counts creators named in the mail whom this one follows, or whom everybody in the community knows.
    """
    traits = creator.traits
    price = traits.reservation_price_eur * FORMAT_FACTOR[mail.format]
    price *= Decimal(str(round(1.25 - 0.4 * traits.fit, 3)))
    price *= 1 - min(MOST_PROOF, PROOF_PER_NAME * known_names)
    return price.quantize(Decimal("0.01"))


def decide(seed: int, creator: Creator, mail: ReadMail, known_names: int, attempt: int) -> Decision:
    """Decide on an offer. Fair offers: 60 % accepted, 15 % countered, 15 % declined, 10 % never answered.

    `attempt` is 0 for the first offer under a reference, 1 for the next; each is decided anew.
    """
    price = price_of(creator, mail, known_names)
    key = (creator.number, mail.reference, attempt)
    ratio = float(mail.amount_eur / price) if mail.amount_eur and price else 0.0
    silent = SILENT_SHARE if ratio >= 0.6 else 0.2 if ratio >= 0.3 else 0.4
    if unit(seed, "silent", *key) < silent + (0.05 if creator.traits.fit < 0.3 else 0.0):
        return Decision("silent", None, price)
    draw = unit(seed, "decision", *key)
    accept, counter = _odds(ratio)
    if draw < accept:
        return Decision("accept", None, price)
    if draw < accept + counter:
        return Decision("counter", _counter(seed, creator, mail, price), price)
    return Decision("decline", None, price, chance(NO_MORE_MAIL_SHARE, seed, "no-more-mail", *key))


def _odds(ratio: float) -> tuple[float, float]:
    """Shares of those who answer at all: accept, counter."""
    if ratio >= 1.0:
        accept = min(0.9, 0.667 + 0.25 * (ratio - 1.0))
        return accept, (1.0 - accept) / 2
    if ratio >= 0.6:
        return 0.1, 0.7
    if ratio >= 0.3:
        return 0.0, 0.3
    return 0.0, 0.0


def _counter(seed: int, creator: Creator, mail: ReadMail, price: Decimal) -> Decimal:
    """Never below what was offered, in steps of five."""
    offered = mail.amount_eur or Decimal(0)
    raise_by = Decimal(str(round(1.08 + 0.2 * unit(seed, "counter", creator.number, mail.reference), 3)))
    wanted = max(price * Decimal("1.03"), offered * raise_by)
    return (wanted / 5).to_integral_value(rounding="ROUND_CEILING") * 5
