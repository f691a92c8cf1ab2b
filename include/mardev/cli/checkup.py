"""The doctor's examinations of the machine and the home. Each looks at one thing and changes nothing."""

import importlib.util
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil

from mardev.cli.checkup_database import examine_database
from mardev.cli.finding import Finding, Level, good, note, problem
from mardev.cli.supervisor.processes import session_members
from mardev.cli.supervisor.state import is_supervised, read_state
from mardev.home.ports import is_free, read_ports
from mardev.home.version import code_version, home_version
from mardev.settings import Settings

__all__ = ["Level", "examine"]

OLDEST_PYTHON, FIRST_PYTHON_TOO_NEW = (3, 11), (3, 15)
GIB = 2**30
DISK_NEEDED_GIB, DISK_COMFORTABLE_GIB = 1.0, 4.0
MEMORY_NEEDED_GIB, MEMORY_COMFORTABLE_GIB = 2.0, 4.0
CLOCK_TOLERANCE_SECONDS = 86_400
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def examine(settings: Settings) -> list[Finding]:
    """Every finding, the good ones too."""
    findings: list[Finding] = []
    for look in EXAMINATIONS:
        found = look(settings)
        findings += found if isinstance(found, list) else [found]
    return findings


def _python(_settings: Settings) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if OLDEST_PYTHON <= sys.version_info[:2] < FIRST_PYTHON_TOO_NEW:
        return good("Python", version)
    return problem("Python", f"{version} is not supported.", "Install Python 3.11 to 3.14, then `make setup`.")


def _bytecode(settings: Settings) -> Finding:
    package = importlib.util.find_spec("airflow")  # found, not imported: importing it takes seconds
    installed = Path(package.origin).parent if package and package.origin else None
    if installed is None:
        return problem("Packages", "Airflow is not installed here.", "make setup")
    if not any((installed / "__pycache__").glob("*.pyc")):
        return note("Compiled code", "The packages are not compiled: each part starts 3 s later.", "make setup")
    if "PYTHONDONTWRITEBYTECODE" in settings.environment:
        return note("Compiled code", "PYTHONDONTWRITEBYTECODE is set in this shell. MarDev's own parts ignore it.")
    return good("Compiled code", "is there and kept")


def _memory(_settings: Settings) -> Finding:
    gib = psutil.virtual_memory().available / GIB
    text = f"{gib:.1f} GiB free"
    if gib < MEMORY_NEEDED_GIB:
        return problem("Memory", f"{text}; {MEMORY_NEEDED_GIB:.0f} are needed.", "Close other programs.")
    return good("Memory", text) if gib >= MEMORY_COMFORTABLE_GIB else note("Memory", f"{text}; it may become slow.")


def _disk(settings: Settings) -> Finding:
    gib = shutil.disk_usage(_nearest_existing(settings.home)).free / GIB
    text = f"{gib:.1f} GiB free for {settings.home}"
    if gib < DISK_NEEDED_GIB:
        return problem("Disk", text, "Free some space, or set MARDEV_HOME to a folder on a larger disk.")
    return good("Disk", text) if gib >= DISK_COMFORTABLE_GIB else note("Disk", text)


def _way_to_home(settings: Settings) -> Finding:
    """As root, PostgreSQL runs as an ordinary user, which has to pass every folder above its data."""
    start = _nearest_existing(settings.home)
    if not os.access(start, os.W_OK):
        return problem("Home", f"{start} cannot be written.", "Set MARDEV_HOME to a folder of yours.")
    if os.geteuid() == 0 and settings.uses_embedded_postgres:
        for folder in (start, *start.parents):
            if not folder.stat().st_mode & stat.S_IXOTH and folder not in (settings.home, settings.postgres_home):
                return problem(
                    "Home",
                    f"{folder} is closed to other users, and the database runs as one of them.",
                    f"chmod o+x {folder}, or set MARDEV_HOME to an open folder.",
                )
    return good("Home", str(settings.home))


def _version(settings: Settings) -> Finding:
    made_by, code = home_version(settings), code_version()
    if made_by in (None, code):
        return good("Version", f"MarDev {code}" + ("" if made_by else ", no data yet"))
    return problem(
        "Version", f"The data were made by MarDev {made_by}, this is {code}.", "mardev up --migrate, or mardev reset"
    )


def _secrets(settings: Settings) -> Finding:
    open_files = [path for path in settings.secrets.glob("*") if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_files:
        names = " ".join(str(path) for path in open_files)
        return problem("Secrets", "Others may read secrets.", f"chmod 600 {names}")
    return good("Secrets", "closed to others")


def _ports(settings: Settings) -> Finding:
    ports = read_ports(settings)
    if ports is None:
        return good("Ports", "chosen at the first start")
    if is_supervised(settings):
        return good("Ports", f"in use by us: {ports.api}, {ports.sandbox_http}, {ports.sandbox_smtp}")
    taken = [port for port in (ports.api, ports.sandbox_http, ports.sandbox_smtp) if not is_free(port)]
    if taken:
        return note("Ports", f"{taken} is taken by another program; the next start takes the next free one.")
    return good("Ports", f"{ports.api}, {ports.sandbox_http}, {ports.sandbox_smtp} are free")


def _leftovers(settings: Settings) -> Finding:
    state = read_state(settings)
    if is_supervised(settings) or state is None:
        return good("Processes", "running" if is_supervised(settings) else "none yet")
    left = [part.title for part in state.components.values() if part.leader and session_members(part.leader)]
    if left:
        return note("Processes", f"Left over from a killed start: {', '.join(left)}.", "mardev down, or mardev up")
    if state.phase == "running":
        return note("Processes", "The last run was cut off.", "mardev up goes on where it was.")
    return good("Processes", "stopped")


def _parts(settings: Settings) -> Finding:
    state = read_state(settings)
    if not is_supervised(settings) or state is None:
        return good("Parts", "not running")
    given_up = [part for part in state.components.values() if part.phase == "gave up"]
    if given_up:
        names = ", ".join(part.title for part in given_up)
        logs = " ".join(f"{settings.logs}/{part.name}.log" for part in given_up)
        return problem("Parts", f"{names} died again and again.", f"Read {logs}, then mardev down and mardev up.")
    return good("Parts", f"{len(state.components)} parts, supervised")


def _clock(settings: Settings) -> Finding:
    """A clock far behind makes certificates invalid and logins expire at once."""
    newest = (settings.project_root / "pyproject.toml").stat().st_mtime
    if time.time() < newest - CLOCK_TOLERANCE_SECONDS:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
        return problem("Clock", f"This machine says {now}, earlier than its own files.", "Set the system clock.")
    return good("Clock", "plausible")


def _browser(_settings: Settings) -> Finding:
    if found := next((name for name in BROWSERS if shutil.which(name)), None):
        return good("Browser for tests", found)
    return note("Browser for tests", "No Chromium: the browser tests are skipped.", "apt-get install chromium")


def _nearest_existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


EXAMINATIONS: tuple[Callable[[Settings], Finding | list[Finding]], ...] = (
    _python, _bytecode, _memory, _disk, _clock, _way_to_home, _version, _secrets, _ports, _leftovers, _parts,
    examine_database, _browser,
)  # fmt: skip
