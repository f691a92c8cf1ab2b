"""Takes a person out of every table: rows about them go, our own record keeps its figures without their name."""

import zlib
from collections import Counter
from collections.abc import Collection

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects import postgresql

from mardev.errors import FixFirst
from mardev.stages.erase.subject import Subject
from mardev.warehouse import tables
from mardev.warehouse.tables import metadata

ERASED = "erased"
SCHEMAS = ("core", "mart", "dq", "ops", "stg")
RAW_ANSWERS_PER_BLOCK = 500
KEPT_OUT = frozenset({"ops.suppression", "ops.suppression_salt", "ops.erasure", "ops.raw_payload", "ops.import_piece"})
"""Hashes, and bodies that are searched apart."""


def erase_rows(connection: sa.Connection, subject: Subject) -> Counter[str]:
    """Erase one person. The caller owns the transaction.

    Returns:
        Rows deleted or changed by table.

    Raises:
        FixFirst: something of the person is left; the caller's transaction has to be rolled back.
    """
    counts: Counter[str] = Counter()
    _delete_rows_about(connection, subject, counts)
    _rename_posts(connection, subject, counts)
    _rename_channels(connection, subject, counts)
    _delete_raw_answers(connection, subject, counts)
    _delete_files_people_brought(connection, subject, counts)
    _scrub_texts(connection, subject, counts)
    _scrub_stages(connection, subject, counts)
    _refuse_what_is_left(connection, subject)
    return counts


def _delete_rows_about(connection: sa.Connection, subject: Subject, counts: Counter[str]) -> None:
    channels, posts = list(subject.channels), list(subject.posts)
    edge, message, item, same = tables.follow_edge, tables.message, tables.crawl_item, tables.same_creator
    addresses = [address.casefold() for address in subject.addresses]
    own_ids = [key.partition(":")[2] for key in (*channels, *posts)]
    about = (
        (edge, sa.or_(edge.c.source_channel_key.in_(channels), edge.c.target_channel_key.in_(channels))),
        (same, sa.or_(same.c.channel_key.in_(channels), same.c.other_channel_key.in_(channels))),
        (message, sa.or_(message.c.channel_key.in_(channels), sa.func.lower(message.c.address).in_(addresses))),
        (item, item.c.item_key.in_([*own_ids, *subject.handles, *(f"@{one}" for one in subject.handles)])),
        *(
            (table, table.c.channel_key.in_(channels))
            for table in (
                tables.channel_snapshot, tables.channel_latest, tables.follow_list, tables.channel_rank, tables.contact,
                tables.audience_quality,
            )
        ),
        *((table, table.c.post_key.in_(posts)) for table in (tables.post_latest, tables.post_day)),
        (tables.post_metric_snapshot, tables.post_metric_snapshot.c.post_key.in_(posts)),
    )  # fmt: skip
    for table, condition in about:
        _note(connection, counts, table, sa.delete(table).where(condition))
    placement = tables.placement
    theirs = sa.select(placement.c.placement_key).where(placement.c.channel_key.in_(channels))
    for table, emptied in ((tables.draft, {"body": ERASED, "findings": []}), (tables.brief, {"body": ERASED})):
        _note(connection, counts, table, sa.update(table).where(table.c.placement_key.in_(theirs)).values(emptied))


def _rename_posts(connection: sa.Connection, subject: Subject, counts: Counter[str]) -> None:
    """Which booked post was delivered and when stays; which video it was, does not."""
    for old, new in subject.posts.items():
        blank: dict[str, object] = {
            "external_id": new.partition(":")[2],
            "title": "",
            "description": "",
            "url": "",
            "expires_at": None,
        }
        _rename(connection, tables.post, old, new, blank, counts)


def _rename_channels(connection: sa.Connection, subject: Subject, counts: Counter[str]) -> None:
    """Deals, prices and results stay under a key that says nothing; without any of them the row goes."""
    channel, deal = tables.channel, tables.deal
    for old, new in subject.channels.items():
        if not _is_referred_to(connection, channel, old):
            _note(connection, counts, channel, sa.delete(channel).where(channel.c.channel_key == old))
            continue
        blank: dict[str, object] = {
            "external_id": new.partition(":")[2], "title": "Erased on request", "description": "", "handle": None,
            "country": None, "language": None, "topics": [], "picture_url": None, "uploads_playlist": None,
            "created_at": None, "expires_at": None, "languages": {}, "post_titles": [],
        }  # fmt: skip
        _rename(connection, channel, old, new, blank, counts)
        deals = connection.scalars(sa.select(deal.c.deal_key).where(deal.c.channel_key == new)).all()
        for deal_key in deals:
            iteration_key = deal_key.partition("/")[0]
            anonymous: dict[str, object] = {"creator_name": None, "terms": {}, "reason": ""}
            _rename(connection, deal, deal_key, f"{iteration_key}/{new.partition(':')[2]}", anonymous, counts)


def _rename(
    connection: sa.Connection, table: sa.Table, old: str, new: str, values: dict[str, object], counts: Counter[str]
) -> None:
    """Give a row another key. Rows that refer to it follow by themselves; rows that only carry its key are turned."""
    (key,) = table.primary_key.columns
    _note(connection, counts, table, sa.update(table).where(key == old).values({key.name: new, **values}))
    for carrying in metadata.tables.values():
        if carrying is not table and key.name in carrying.c:
            column = carrying.c[key.name]
            _note(connection, counts, carrying, sa.update(carrying).where(column == old).values({key.name: new}))


def _is_referred_to(connection: sa.Connection, table: sa.Table, key: str) -> bool:
    return any(
        connection.scalar(sa.select(sa.exists().where(column == key)))
        for other in metadata.tables.values()
        for column in other.columns
        for foreign in column.foreign_keys
        if foreign.column.table is table and foreign.ondelete != "CASCADE"
    )


def _delete_raw_answers(connection: sa.Connection, subject: Subject, counts: Counter[str]) -> None:
    """Raw answers are compressed: each is opened; one that names the person goes as a whole."""
    table = tables.raw_payload
    spelled = subject.byte_patterns
    key = (table.c.api, table.c.request_digest, table.c.fetched_at)
    rows = connection.execute(
        sa.select(*key, table.c.body), execution_options={"yield_per": RAW_ANSWERS_PER_BLOCK}
    )  # fmt: skip
    found = [tuple(row[:3]) for row in rows if _names(row.body, spelled)]
    if found:
        _note(connection, counts, table, sa.delete(table).where(sa.tuple_(*key).in_(found)))


def _delete_files_people_brought(connection: sa.Connection, subject: Subject, counts: Counter[str]) -> None:
    """A file that waits to be published and names the person goes as a whole; a name may lie across two pieces."""
    file, piece = tables.import_file, tables.import_piece
    spelled = subject.byte_patterns
    longest = max((len(one) for one in spelled), default=1)
    found, key, tail = set(), "", b""
    pieces = sa.select(piece.c.import_key, piece.c.body).order_by(piece.c.import_key, piece.c.piece_no)
    rows = connection.execute(pieces, execution_options={"yield_per": 1})
    for row in rows:
        text = (tail if row.import_key == key else b"") + row.body
        if _names(text, spelled):
            found.add(row.import_key)
        key, tail = row.import_key, text[-longest:]
    if found:
        _note(connection, counts, file, sa.delete(file).where(file.c.import_key.in_(found)))


def _names(body: bytes, spelled: Collection[bytes]) -> bool:
    try:
        text = zlib.decompress(body)
    except zlib.error:
        text = body
    lowered = text.lower()
    return any(one in lowered for one in spelled)


def _scrub_texts(connection: sa.Connection, subject: Subject, counts: Counter[str]) -> None:
    """Other people's texts, notes and forms: the person's name becomes «erased»."""
    for table in metadata.tables.values():
        if table.fullname in KEPT_OUT:
            continue
        for column in table.columns:
            new = _scrubbed(column, subject)
            if new is None:
                continue
            pattern = subject.json_pattern if isinstance(column.type, postgresql.JSONB) else subject.pattern
            hit = sa.cast(column, sa.Text).op("~*")(pattern)
            _note(connection, counts, table, sa.update(table).where(hit).values({column.name: new}))


def _scrubbed(column: sa.Column[object], subject: Subject) -> sa.ColumnElement[object] | None:
    text = sa.cast(column, sa.Text)
    if isinstance(column.type, postgresql.JSONB):
        return sa.cast(sa.func.regexp_replace(text, subject.json_pattern, ERASED, "gi"), postgresql.JSONB)
    if isinstance(column.type, postgresql.ARRAY):
        one = sa.func.unnest(column).column_valued("one")
        kept = sa.select(sa.func.regexp_replace(one, subject.pattern, ERASED, "gi")).scalar_subquery()
        return sa.func.array(kept, type_=column.type)
    if isinstance(column.type, sa.Text):
        return sa.func.regexp_replace(text, subject.pattern, ERASED, "gi")
    return None


def _scrub_stages(connection: sa.Connection, subject: Subject, counts: Counter[str]) -> None:
    """Rows that wait behind a gate go."""
    for name in connection.scalars(
        sa.text("SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'stg'")
    ).all():
        statement = sql.SQL("DELETE FROM {} AS t WHERE t::text ~* :pattern").format(sql.Identifier("stg", name))
        gone = connection.execute(sa.text(_as_text(statement)), {"pattern": subject.pattern}).rowcount
        if gone > 0:
            counts[f"stg.{name.partition('__')[0]}"] += gone


def _refuse_what_is_left(connection: sa.Connection, subject: Subject) -> None:
    """Look into every row of every table, as text."""
    names = connection.execute(
        sa.text("SELECT schemaname, tablename FROM pg_catalog.pg_tables WHERE schemaname = ANY(:schemas)"),
        {"schemas": list(SCHEMAS)},
    ).all()
    left = []
    for schema, name in names:
        if f"{schema}.{name}" in KEPT_OUT:
            continue
        question = sql.SQL("SELECT EXISTS (SELECT FROM {} AS t WHERE t::text ~* :pattern)")
        statement = _as_text(question.format(sql.Identifier(schema, name)))
        if connection.scalar(sa.text(statement), {"pattern": subject.pattern}):
            left.append(f"{schema}.{name}")
    if left:
        raise FixFirst(f"Something of this person would be left in {', '.join(left)}; nothing was erased.")


def _as_text(statement: sql.Composed) -> str:
    return statement.as_string(None)


def _note(
    connection: sa.Connection, counts: Counter[str], table: sa.Table, statement: sa.Delete | sa.Update | sa.Insert
) -> None:
    changed = connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount
    if changed > 0:
        counts[table.fullname] += changed
