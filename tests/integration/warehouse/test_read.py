import pytest
import sqlalchemy as sa

from mardev.errors import FixFirst
from mardev.settings import PROJECT_ROOT
from mardev.warehouse import read
from mardev.warehouse.read import query


@pytest.fixture
def queries(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "QUERIES", tmp_path)
    read._statement.cache_clear()
    yield tmp_path
    read._statement.cache_clear()


def test_a_query_answers_with_its_parameters(warehouse, queries):
    (queries / "sum.sql").write_text("-- Adds :a and :c\nSELECT CAST(:a AS int) + CAST(:b AS int) AS total")
    assert query(warehouse, "sum", a=1, b=2) == [{"total": 3}]


def test_a_parameter_that_is_missing_is_noticed(warehouse, queries):
    (queries / "sum.sql").write_text("SELECT CAST(:a AS int) AS total")
    with pytest.raises(sa.exc.StatementError, match="value is required for bind parameter 'a'"):
        query(warehouse, "sum")


def test_a_query_that_does_not_exist_says_where_it_should_be(warehouse):
    with pytest.raises(FixFirst, match="There is no query nothing"):
        query(warehouse, "nothing")


@pytest.mark.parametrize("path", sorted((PROJECT_ROOT / "sql" / "queries").glob("*.sql")), ids=lambda path: path.stem)
def test_every_query_runs_on_the_schema(warehouse, path):
    asked = read._statement(path.stem).compile().params
    query(warehouse, path.stem, **dict.fromkeys(asked))
