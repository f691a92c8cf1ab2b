"""A copy of the project that runs by itself: its own tree, the installed packages of this one."""

import shutil
import sys
import sysconfig
import venv
from pathlib import Path

from mardev.settings import PROJECT_ROOT

COPIED = ("benchmarks", "dags", "include", "plugins", "sql", "requirements.txt", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*_cache", ".import_linter_cache")


def copy_project(target: Path) -> Path:
    """Copy what runs to `target`, which must not exist yet.

    Returns:
        The interpreter of the copy: it imports `mardev` from the copy and everything else from where this one does.
    """
    target.mkdir(parents=True)
    for name in COPIED:
        source = PROJECT_ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(source, target / name)
    environment = target / ".venv"
    venv.EnvBuilder(symlinks=True, with_pip=False).create(environment)
    packages = environment / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (packages / "project.pth").write_text(f"{target / 'include'}\n{target}\n{sysconfig.get_path('purelib')}\n")
    return environment / "bin" / "python"
