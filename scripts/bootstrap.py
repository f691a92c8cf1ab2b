"""Makes the virtual environment `.venv` of this checkout: everything pinned, hashed and compiled.

Runs on any Python 3 without packages of its own. Safe to repeat (a stamp makes it instant), to interrupt and to
resume. Usage: ``python3 scripts/bootstrap.py [--dev] [--browser]``.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
UV_REQUIREMENTS = ROOT / "scripts" / "uv-requirements.txt"
OLDEST, FIRST_TOO_NEW = (3, 11), (3, 15)
SUPPORTED = ">=3.11,<3.15"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-ipafont-gothic")  # Latin and Japanese script
PACKAGE_LINES = (" + ", " - ", " ~ ")  # one for each of some 230 packages
APT_TIMEOUT_SECONDS = 600
SYSTEM_CERTIFICATES = tuple(Path("/etc/ssl") / name for name in ("certs/ca-certificates.crt", "cert.pem"))


class SetUpFailed(Exception):  # reads as a sentence where it is raised
    """A person has to do something first; the message says what."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Make or update the virtual environment of this checkout.")
    parser.add_argument("--dev", action="store_true", help="with the tools for tests and checks")
    parser.add_argument("--browser", action="store_true", help="also Chromium for the browser tests, where apt can")
    options = parser.parse_args(arguments)
    try:
        with _one_at_a_time():
            install(dev=options.dev)
        if options.browser:
            install_browser()
    except SetUpFailed as failure:
        sys.stderr.write(f"\n{failure}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Run the same command again; it goes on where it was.\n")
        return 130
    return 0


def install(*, dev: bool) -> None:
    """Bring `.venv` to the pinned packages, unless its stamp says that it is there."""
    if is_current(dev=dev):
        return
    started = time.monotonic()
    uv = shutil.which("uv")
    ensure_environment(uv)
    uv = uv or ensure_uv()
    requirements = ROOT / ("requirements-dev.txt" if dev else "requirements.txt")
    say("Installing the pinned packages (up to 2 GB; the first time takes a minute or two) ...")
    run([uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", "--compile-bytecode", "-r",
         str(requirements)], hide=PACKAGE_LINES)  # fmt: skip
    run(
        [uv, "pip", "install", "--python", str(PYTHON), "--quiet", "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    )
    stamp_file(dev=dev).write_text(stamp(dev=dev))
    say(f"Ready after {time.monotonic() - started:.0f} s.")


# ---------- the stamp ----------


def stamp(*, dev: bool) -> str:
    """Digest of everything an environment depends on: the pinned packages, the project's metadata, the interpreter."""
    digest = hashlib.sha256()
    for name in ("requirements-dev.txt" if dev else "requirements.txt", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    digest.update((ENVIRONMENT / "pyvenv.cfg").read_bytes())
    digest.update(str(ROOT).encode())  # the project is linked into the environment by its path
    return digest.hexdigest()


def stamp_file(*, dev: bool) -> Path:
    return ENVIRONMENT / ("stamp-dev" if dev else "stamp")


def is_current(*, dev: bool) -> bool:
    """Whether the environment is complete. One with the tools is complete for those who need none."""
    if not (ENVIRONMENT / "pyvenv.cfg").exists() or not PYTHON.exists():
        return False
    return any(
        stamp_file(dev=with_tools).exists() and stamp_file(dev=with_tools).read_text() == stamp(dev=with_tools)
        for with_tools in ([True] if dev else [True, False])
    )


# ---------- interpreter, environment, installer ----------


def ensure_environment(uv: str | None) -> None:
    """Make `.venv` with a supported Python, or keep the one that is there."""
    if version_of(str(PYTHON)) and (ENVIRONMENT / "pyvenv.cfg").exists():
        return
    if ENVIRONMENT.exists():
        say("The virtual environment is incomplete or of another Python: making it anew.")
        shutil.rmtree(ENVIRONMENT)
    interpreter = find_interpreter()
    if uv:
        run([uv, "venv", "--quiet", "--python", interpreter or SUPPORTED, str(ENVIRONMENT)])
    elif interpreter is None:
        raise SetUpFailed(
            f"This is Python {sys.version.split()[0]}; MarDev needs 3.11 to 3.14. "
            "Install one (Debian, Ubuntu: apt-get install python3.11 python3.11-venv; macOS: brew install python@3.13) "
            "or install uv, which brings its own, and run the same command again."
        )
    else:
        make_with_venv(interpreter)


def make_with_venv(interpreter: str) -> None:
    outcome = subprocess.run([interpreter, "-m", "venv", str(ENVIRONMENT)], capture_output=True, text=True, check=False)
    if outcome.returncode == 0:
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    said = outcome.stdout + outcome.stderr
    if "ensurepip" in said or "No module named venv" in said:
        name = "python{}.{}-venv".format(*(version_of(interpreter) or OLDEST))
        raise SetUpFailed(
            f"Python's venv module is not complete here. Install the system package {name} "
            f"(Debian, Ubuntu: apt-get install {name}), and run the same command again."
        )
    raise SetUpFailed(f"The virtual environment could not be made: {said.strip()}")


def find_interpreter() -> str | None:
    """This Python when it is supported, else the newest supported one on the PATH."""
    for candidate in (
        sys.executable,
        *(f"python3.{minor}" for minor in range(FIRST_TOO_NEW[1] - 1, OLDEST[1] - 1, -1)),
    ):
        path = shutil.which(candidate)
        # A name on the PATH may be a version manager's stub that runs nothing: ask it.
        if path and version_of(path):
            return path
    return None


def version_of(interpreter: str) -> tuple[int, int] | None:
    """Major and minor version of a supported interpreter; None when it does not run or is not supported."""
    command = [interpreter, "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.split()
    except (OSError, subprocess.SubprocessError):
        return None
    version = (int(told[0]), int(told[1]))
    return version if OLDEST <= version < FIRST_TOO_NEW else None


def ensure_uv() -> str:
    """Install uv, pinned, into the environment."""
    uv = ENVIRONMENT / "bin" / "uv"
    if not uv.exists():
        say("Fetching the installer (uv) ...")
        run([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r",
             str(UV_REQUIREMENTS)])  # fmt: skip
    return str(uv)


def child_environment() -> dict[str, str]:
    """The caller's environment; an index or certificate set for pip holds for uv as well."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for ours, pips in (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), ("SSL_CERT_FILE", "PIP_CERT")):
        if pips in environment:
            environment.setdefault(ours, environment[pips])
    if any(store.exists() for store in SYSTEM_CERTIFICATES):
        # The system knows the certificate of a company's proxy; uv's own list does not.
        environment.setdefault("UV_SYSTEM_CERTS", "true")
        environment.setdefault("UV_NATIVE_TLS", "true")  # the same, for older uv
    environment.setdefault("UV_HTTP_TIMEOUT", "180")
    environment.setdefault("UV_LINK_MODE", "hardlink" if _same_disk_as_cache() else "copy")
    environment.pop("VIRTUAL_ENV", None)
    return environment


def _same_disk_as_cache() -> bool:
    cache = Path(os.environ.get("UV_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    while not cache.exists():
        cache = cache.parent
    return cache.stat().st_dev == ROOT.stat().st_dev


# ---------- the browser of the tests ----------


def install_browser() -> None:
    """Install Chromium where that needs no question: as root with apt. Without it the browser tests are skipped."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        say("No Chromium here: the browser tests will be skipped.")
        return
    say("Installing Chromium for the browser tests ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update"], [apt, "install", "-y", "--no-install-recommends", *BROWSER_PACKAGES]):
        try:
            subprocess.run(
                command, env=environment, capture_output=True, check=True, timeout=APT_TIMEOUT_SECONDS,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.SubprocessError:
            say("Chromium could not be installed: the browser tests will be skipped.")
            return


# ---------- small things ----------


def run(command: Sequence[str], *, hide: tuple[str, ...] = ()) -> None:
    """Run a command of the set-up; what it says goes to the terminal, but for lines that begin with one of `hide`."""
    with subprocess.Popen(
        command, env=child_environment(), cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        for line in process.stderr or ():
            if not (hide and line.startswith(hide)):
                sys.stderr.write(f"  {line}")
    if process.returncode:
        raise SetUpFailed(
            "The set-up stopped; the lines above say why. Without a way to the package registry nothing can be "
            "installed. Run the same command again; what is there already is kept."
        )


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two set-ups of one checkout take turns. The folder itself is the lock, so nothing is left behind."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
