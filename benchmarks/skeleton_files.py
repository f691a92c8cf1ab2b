"""Writes the DAG files of the skeleton. Imports no Airflow."""

from pathlib import Path


def write_skeleton(live: Path, folder: Path) -> None:
    """Write a DAG file of the skeleton for each live one."""
    folder.mkdir()
    for file in sorted(live.glob("*.py")):
        (folder / file.name).write_text(
            "# An Airflow DAG without its work.\n"
            f"from benchmarks.skeleton import register_emptied\n\nregister_emptied({str(file)!r})\n"
        )
