"""Ports are chosen once and kept; a taken one is replaced by the next free one."""

import hashlib
import json
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from mardev.settings import Settings

LOOPBACK = "127.0.0.1"
HOME_BY_DEFAULT_PORT = 8080
FIRST_PORT_OF_OTHER_HOMES = 10_000
OTHER_HOMES = 2_000
PORTS_PER_HOME = 10
HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Ports:
    """Where the servers of one home listen on the loopback. PostgreSQL keeps its own beside its data."""

    api: int
    sandbox_http: int
    sandbox_smtp: int

    @property
    def airflow_url(self) -> str:
        return f"http://{LOOPBACK}:{self.api}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{LOOPBACK}:{self.sandbox_http}"


def ports_file(settings: Settings) -> Path:
    return settings.home / "ports.json"


def read_ports(settings: Settings) -> Ports | None:
    """The ports chosen for this home, None before the first start or when the file is damaged."""
    try:
        content = json.loads(ports_file(settings).read_text())
        return Ports(**{name: int(content[name]) for name in Ports.__dataclass_fields__})
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError, ValueError):
        return None


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback now."""
    with socket.socket() as probe:
        # As servers do: a port whose last connection is still fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def choose_ports(settings: Settings, *, free: Callable[[int], bool] = is_free) -> Ports:
    """Ports for this home, written down. Call it while nothing of this home runs."""
    wanted = read_ports(settings) or _first_choice(settings)
    chosen: dict[str, int] = {}
    for name, port in asdict(wanted).items():
        while port in chosen.values() or not free(port):
            port = port + 1 if port < HIGHEST_PORT else FIRST_PORT_OF_OTHER_HOMES
        chosen[name] = port
    ports = Ports(**chosen)
    settings.home.mkdir(parents=True, exist_ok=True)
    ports_file(settings).write_text(json.dumps(asdict(ports), indent=2) + "\n")
    return ports


def _first_choice(settings: Settings) -> Ports:
    """The well-known port for the usual home; homes of tests and benchmarks spread out, so two can start at once."""
    if "MARDEV_HOME" not in settings.environment:
        first = HOME_BY_DEFAULT_PORT
    else:
        digest = int(hashlib.sha256(str(settings.home).encode()).hexdigest(), 16)
        first = FIRST_PORT_OF_OTHER_HOMES + digest % OTHER_HOMES * PORTS_PER_HOME
    return Ports(api=first, sandbox_http=first + 1, sandbox_smtp=first + 2)
