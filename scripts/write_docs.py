"""Writes the pages of docs/ that are made from the code: the pipelines and the warehouse. `make docs` runs it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from mardev.warehouse.tables import metadata

ROOT = Path(__file__).resolve().parent.parent
HEAD = "<!-- Made by `make docs`. Edit the code, not this page. -->\n\n"
ORDER = ("plan", "create", "verify", "publish", "monitor", "retrospect")


def pipelines() -> str:
    """Each DAG in its own words."""
    files = sorted(
        (ROOT / "dags").glob("*.py"), key=lambda path: (path.stem not in ORDER, _place(path.stem), path.stem)
    )
    parts = [HEAD + "# The pipelines\n"]
    for path in files:
        title, _, words = (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")
        parts.append(f"## {title.lstrip('# ')}\n\n[`dags/{path.name}`](../dags/{path.name})\n{words.rstrip()}\n")
    return "\n".join(parts)


def warehouse() -> str:
    """Each table that Python writes: columns, types, keys."""
    parts = [
        HEAD + "# The warehouse\n\nThe schema is `sql/migrations/`; this page shows the tables that Python writes.\n"
    ]
    tables = sorted(metadata.tables.values(), key=lambda table: (table.schema or "", table.name))
    parts.extend("\n".join(_table_lines(table)) for table in tables)
    return "\n".join(parts)


def _table_lines(table: sa.Table) -> Iterator[str]:
    yield f"## {table.schema}.{table.name}\n"
    yield "| column | type | |\n| --- | --- | --- |"
    for column in table.columns:
        notes = (["key"] if column.primary_key else []) + [f"→ {key.target_fullname}" for key in column.foreign_keys]
        notes = notes if column.nullable or column.primary_key else [*notes, "required"]
        yield f"| `{column.name}` | {str(column.type).lower()} | {', '.join(notes)} |"
    yield ""


def _place(stem: str) -> int:
    return ORDER.index(stem) if stem in ORDER else len(ORDER)


def main() -> None:
    for name, content in (("dags.md", pipelines()), ("warehouse.md", warehouse())):
        (ROOT / "docs" / name).write_text(content)
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
