"""The connections that set-up writes: all of them for the sandbox's world, the wall clock for a live one."""

from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.home.persons import BRAND_DOMAIN
from mardev.home.ports import LOOPBACK, Ports

# The sandbox checks that a credential comes with a call; these are no secrets.
API_KEY = "SANDBOX-KEY"
BEARER_TOKEN = "SANDBOX-TOKEN"  # noqa: S105  # a word of the simulated world, the same for everybody
APPLICATION_SECRET = "SANDBOX-SECRET"  # noqa: S105  # the same
CLOCK_PATH = "/_sandbox/clock"

# Everything else of a live world needs a credential, which a person enters in Airflow.
LIVE_CONNECTIONS = (ConnectionRecord("mardev_clock", World.LIVE),)


# The clock of a simulated world stands still while a crawl asks, so each of its short windows has more room.


def sandbox_connections(ports: Ports) -> tuple[ConnectionRecord, ...]:
    """One record for each outside system, all of the sandbox world."""
    base = ports.sandbox_url
    world = World.SANDBOX
    sender = f"team@{BRAND_DOMAIN}"
    smtp_options = {"from_email": sender, "from_name": "Aptovia", "disable_ssl": True, "disable_tls": True}
    return (
        ConnectionRecord("mardev_clock", world, host=base + CLOCK_PATH),
        ConnectionRecord(
            "mardev_youtube", world, host=f"{base}/youtube/", password=API_KEY,
            extra={"watch_url": base + "/world/video/{video}"},
        ),
        ConnectionRecord("mardev_mail", world, host=LOOPBACK, port=ports.sandbox_smtp, extra=smtp_options),
        ConnectionRecord(
            "mardev_mailbox", world, host=f"{base}/gmail/", login=sender, password=BEARER_TOKEN
        ),
        ConnectionRecord("mardev_shlink", world, host=f"{base}/shlink", password=API_KEY),
        ConnectionRecord(
            "mardev_analytics", world, host=f"{base}/analytics/", password=BEARER_TOKEN, extra={"property_id": "1"}
        ),
        ConnectionRecord(
            "mardev_shop", world, host=f"{base}/shop", password=BEARER_TOKEN,
            extra={"app_url": base + "/app/{market}"},
        ),
        ConnectionRecord(
            "mardev_bluesky", world, host=f"{base}/bluesky/xrpc", extra={"quota_limits": {"default": 25 * 3_000}}
        ),
        ConnectionRecord(
            "mardev_mastodon", world, host=f"{base}/mastodon", password=BEARER_TOKEN,
            extra={"quota_limits": {"default": 25 * 300}},
        ),
        ConnectionRecord(
            "mardev_twitch", world, host=f"{base}/twitch/helix/", login="SANDBOX-CLIENT", password=APPLICATION_SECRET,
            extra={"authorisation_host": f"{base}/twitch/oauth2/", "quota_limits": {"default": 25 * 800}},
        ),
    )  # fmt: skip
