"""One Airflow component as a process: imports what is slow first, waits until its turn has come, then runs.

The slow imports go on while the databases are prepared and the API server builds its routes; on two cores
that is the difference between waiting for one thing after the other and using both.
"""

import argparse
import gc
import importlib
import os
import runpy
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# Building some thousand route and model objects at once, the collector only walks what stays alive:
# a higher threshold saved 3.5 of 12.9 CPU seconds of the API server's start.
OBJECTS_BEFORE_COLLECTION = (50_000, 20, 50)
POLL_SECONDS = 0.1


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="airflow_process", description=__doc__)
    parser.add_argument("--import", dest="modules", action="append", default=[], metavar="MODULE")
    parser.add_argument("--import-listed", dest="lists", action="append", default=[], metavar="MODULE:NAMES")
    parser.add_argument("--after-file", type=Path)
    parser.add_argument("--after-url")
    parser.add_argument("airflow", nargs="+")
    options = parser.parse_args(arguments)
    gc.set_threshold(*OBJECTS_BEFORE_COLLECTION)
    for module in options.modules:
        importlib.import_module(module)
    for listed in options.lists:
        _import_listed(listed)
    while options.after_file and not options.after_file.exists():
        time.sleep(POLL_SECONDS)
    while options.after_url and not _answers(options.after_url):
        time.sleep(POLL_SECONDS)
    sys.argv = ["airflow", *options.airflow]
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)


def _import_listed(listed: str) -> None:
    module, _, attribute = listed.partition(":")
    for name in getattr(importlib.import_module(module), attribute, ()):
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # the component itself says what it misses


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError, ValueError):
        return False


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main(sys.argv[1:])
