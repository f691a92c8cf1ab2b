"""The systems of the toolchain, who runs them, and which marketing activity stops without them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SystemRecord:
    """A system as in ``core.system``.

    Attributes
    ----------
    owner : who runs it
    activities : what marketing cannot do while it is down
    per_market : whether it is checked for each market of its own
    in_customer_path : whether a customer on the way from post to purchase passes it
    """

    system_key: str
    name: str
    owner: str
    purpose: str
    activities: tuple[str, ...]
    per_market: bool = False
    in_customer_path: bool = False


SYSTEMS: tuple[SystemRecord, ...] = (
    SystemRecord(
        "youtube",
        "YouTube Data API",
        "IT",
        "Finds channels, videos and their public counters",
        ("discover creators", "detect live posts", "count views"),
    ),
    SystemRecord(
        "mail",
        "Outgoing mail",
        "IT",
        "Sends offers, briefs and requests",
        ("make offers", "send briefs", "give the go-live", "ask for corrections"),
    ),
    SystemRecord(
        "mailbox",
        "Brand mailbox",
        "Marketing",
        "Receives answers, drafts and bounces",
        ("settle deals", "review drafts"),
    ),
    SystemRecord(
        "redirector",
        "Link redirector (Shlink)",
        "IT",
        "Counts each click and leads on to the app page",
        ("count clicks", "lead viewers to the app"),
        in_customer_path=True,
    ),
    SystemRecord(
        "shop",
        "Shop",
        "IT",
        "Takes promo codes, records conversions and revenue",
        ("redeem promo codes", "count conversions"),
        in_customer_path=True,
    ),
    SystemRecord(
        "landing",
        "App page",
        "IT",
        "Where people install, sign up and buy, one per market",
        ("turn clicks into conversions",),
        per_market=True,
        in_customer_path=True,
    ),
    SystemRecord(
        "analytics",
        "Web analytics",
        "IT",
        "Counts sessions by campaign, a second opinion on clicks",
        ("cross-check clicks",),
    ),
    SystemRecord(
        "warehouse",
        "Warehouse",
        "IT",
        "Keeps what was observed, decided, spent and brought",
        ("see results", "decide on data"),
    ),
)


_BY_KEY = {record.system_key: record for record in SYSTEMS}


def system(system_key: str) -> SystemRecord:
    """The system of that key. Raises KeyError when there is none.

    Examples
    --------
    >>> system("redirector").owner
    'IT'
    """
    return _BY_KEY[system_key]


def systems_behind(activity: str) -> list[SystemRecord]:
    """Systems that a marketing activity cannot do without.

    Examples
    --------
    >>> [record.system_key for record in systems_behind("count clicks")]
    ['redirector']
    """
    return [record for record in SYSTEMS if activity in record.activities]
