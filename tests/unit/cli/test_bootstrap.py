import importlib.util
import subprocess
import sys
from types import ModuleType

import pytest

from mardev.settings import PROJECT_ROOT


@pytest.fixture
def bootstrap(tmp_path, monkeypatch) -> ModuleType:
    """The script on a checkout of the test's own, with an environment that looks complete."""
    spec = importlib.util.spec_from_file_location("bootstrap", PROJECT_ROOT / "scripts" / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    environment = tmp_path / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(sys.executable)
    (environment / "pyvenv.cfg").write_text("version = 3.11.7\n")
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    for name, value in (
        ("ROOT", tmp_path),
        ("ENVIRONMENT", environment),
        ("PYTHON", environment / "bin" / "python"),
    ):
        monkeypatch.setattr(module, name, value)
    return module


def note_complete(bootstrap: ModuleType, *, dev: bool) -> None:
    bootstrap.stamp_file(dev=dev).write_text(bootstrap.stamp(dev=dev))


def test_an_environment_without_a_stamp_is_not_complete(bootstrap):
    assert not bootstrap.is_current(dev=False)


def test_a_stamped_environment_is_complete(bootstrap):
    note_complete(bootstrap, dev=False)
    assert bootstrap.is_current(dev=False)
    assert not bootstrap.is_current(dev=True)


def test_an_environment_with_the_tools_is_complete_for_everybody(bootstrap):
    note_complete(bootstrap, dev=True)
    assert bootstrap.is_current(dev=False)


@pytest.mark.parametrize("changed", ["requirements.txt", "pyproject.toml", ".venv/pyvenv.cfg"])
def test_a_change_of_what_it_depends_on_makes_it_stale(bootstrap, changed):
    note_complete(bootstrap, dev=False)
    (bootstrap.ROOT / changed).write_text("something else")
    assert not bootstrap.is_current(dev=False)


def test_an_interpreter_that_does_not_run_is_not_taken(bootstrap, tmp_path):
    stub = tmp_path / "python3.13"
    stub.write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    stub.chmod(0o755)
    assert bootstrap.version_of(str(stub)) is None


def test_an_interpreter_too_old_is_not_taken(bootstrap, tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\necho 3 9\n")
    old.chmod(0o755)
    assert bootstrap.version_of(str(old)) is None


def test_without_a_supported_interpreter_the_message_names_the_packages(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "find_interpreter", lambda: None)
    (bootstrap.ENVIRONMENT / "bin" / "python").unlink()
    with pytest.raises(bootstrap.SetUpFailed, match=r"python3\.11-venv"):
        bootstrap.ensure_environment(None)


def test_a_python_without_venv_names_the_system_package(bootstrap, tmp_path):
    incomplete = tmp_path / "python3"
    incomplete.write_text(
        '#!/bin/sh\ncase "$1" in -c) echo 3 12;; *) echo "No module named ensurepip"; exit 1;; esac\n'
    )
    incomplete.chmod(0o755)
    with pytest.raises(bootstrap.SetUpFailed, match=r"python3\.12-venv"):
        bootstrap.make_with_venv(str(incomplete))


def test_an_index_given_to_pip_holds_for_the_installer_too(bootstrap, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example/simple")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert bootstrap.child_environment()["UV_DEFAULT_INDEX"] == "https://packages.example/simple"


def test_the_set_up_writes_compiled_code(bootstrap, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in bootstrap.child_environment()


def test_the_help_of_make_has_one_line_for_each_command():
    told = subprocess.run(["make", "-C", str(PROJECT_ROOT)], capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in told.splitlines() if line.startswith("  make ")]
    assert {"setup", "demo", "test", "up", "down", "status", "doctor", "check"} <= {line[1] for line in lines}
    assert all(len(line) > 3 for line in lines)
