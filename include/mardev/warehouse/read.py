"""Named questions to the warehouse: `sql/queries/<name>.sql` with `:name` parameters."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from mardev.errors import FixFirst
from mardev.settings import PROJECT_ROOT

QUERIES = PROJECT_ROOT / "sql" / "queries"


def query(connection: sa.Connection, name: str, **parameters: Any) -> Sequence[sa.RowMapping]:
    """Answer of the query `name`, all rows.

    Raises:
        FixFirst: there is no file of that name.
        sqlalchemy.exc.StatementError: a parameter of the query was not given.
    """
    return connection.execute(_statement(name), parameters).mappings().all()


@cache
def _statement(name: str) -> sa.TextClause:
    path = QUERIES / f"{name}.sql"
    if not path.exists():
        raise FixFirst(f"There is no query {name}: {path} is missing.")
    # A `:name` in a comment is no parameter.
    return sa.text("\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("--")))
