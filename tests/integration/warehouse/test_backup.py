import subprocess

import pytest
import sqlalchemy as sa

from mardev.errors import FixFirst
from mardev.warehouse.backup import dump
from mardev.warehouse.tables import channel
from tests.builders.batches import channel_row


def test_a_copy_brings_the_rows_back(postgres, warehouse_url, engine, tmp_path):
    with engine.begin() as connection:
        connection.execute(sa.insert(channel).values(ingest_run_id=1, **channel_row()))
    target = dump(warehouse_url, tmp_path / "warehouse.dump", postgres.program("pg_dump"))
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.dump"]
    restored = subprocess.run(
        [postgres.program("pg_restore"), "--data-only", "--table=channel", "--file=-", target],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "youtube:UC1" in restored.stdout


def test_a_copy_that_fails_leaves_no_file_and_says_no_password(postgres, warehouse_url, tmp_path):
    url = sa.make_url(warehouse_url)
    with pytest.raises(FixFirst, match="does not exist") as caught:
        dump(
            url.set(database="nowhere").render_as_string(hide_password=False),
            tmp_path / "warehouse.dump",
            postgres.program("pg_dump"),
        )
    assert list(tmp_path.iterdir()) == []
    assert str(url.password) not in str(caught.value)
