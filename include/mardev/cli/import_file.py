"""`mardev import FILE`: a table of creators, channels or follows into the warehouse, with a preview before."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from mardev.settings import Settings
    from mardev.stages.import_files.preview import Preview


class TableKind(StrEnum):
    """What the lines of a table are."""

    CREATORS = "creators"
    CHANNELS = "channels"
    EDGES = "edges"


def import_file(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV in any encoding, or a graph file.", show_default=False)
    ],
    only_preview: Annotated[bool, typer.Option("--preview", help="Say what was understood, write nothing.")] = False,
    kind: Annotated[TableKind | None, typer.Option("--kind", help="What it holds; the columns tell.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False,
) -> None:
    """Bring a table of creators, channels or follows into the warehouse; `--preview` first says what was understood."""
    from mardev.cli.console import errors_in_plain_words, print_json
    from mardev.settings import load_settings

    with errors_in_plain_words():
        content = _work(load_settings(), file, str(kind) if kind else None, only_preview=only_preview)
    if as_json:
        print_json(content)
    else:
        _print(content)


def _work(settings: "Settings", file: Path, kind: str | None, *, only_preview: bool) -> dict[str, Any]:
    from mardev.errors import FixFirst
    from mardev.stages.import_files.graph_table import as_table
    from mardev.stages.import_files.preview import preview

    try:
        with file.open("rb") as stream, as_table(stream, kind) as (table, table_kind):
            found = preview(table, table_kind)
            content: dict[str, Any] = {"file": str(file), "preview": found.as_json()}
            if not only_preview:
                content["report"] = _import(settings, file, table, found)
            return content
    except OSError as trouble:
        raise FixFirst(f"{file} cannot be read: {trouble.strerror or trouble}.") from trouble


def _import(settings: "Settings", file: Path, table: Any, found: "Preview") -> dict[str, Any]:
    import hashlib
    from dataclasses import replace

    from mardev.cli.demo.in_process import in_process_context
    from mardev.cli.warehouse import warehouse_trouble_told
    from mardev.stages.context import RunLabel
    from mardev.stages.import_files.import_table import import_table

    with warehouse_trouble_told():
        context = in_process_context(settings)
        now = context.clock.now()
        label = hashlib.sha256(f"{file.resolve()}{now.isoformat()}".encode()).hexdigest()[:16]
        context = replace(context, run=RunLabel("import_files", f"by_hand__{label}", "import_table"))
        return import_table(context, table, found.understood, file_name=file.name).as_json()


def _print(content: dict[str, Any]) -> None:
    from mardev.cli.console import out

    found = content["preview"]
    understood = found["understood"]
    out.print(
        f"{content['file']}: {understood['kind']}, {understood['row_count']:,} lines, cells separated by "
        f"{understood['separator']}, {understood['encoding']} ({understood['encoding_evidence']})",
        markup=False,
    )
    for column in understood["columns"]:
        meaning = (column["meaning"] or "not used").replace("_", " ").replace("link:", "link to ")
        numbers = f"; {column['numbers']}" if column["numbers"] else ""
        doubt = "" if column["is_certain"] else "  (assumed: look at it)"
        out.print(f"  {column['header']:<28} {meaning}{numbers}{doubt}", markup=False)
    for note in understood["notes"]:
        out.print(f"  {note}", markup=False)
    out.print(f"{found['good']:,} understood, {found['duplicates']:,} of them say something again, "
              f"{found['rejected']:,} not understood.", markup=False)  # fmt: skip
    for trouble in found["troubles"].values():
        for example in trouble["examples"]:
            out.print(f"  line {example['line']}: {example['reason']}", markup=False)
    for table, count in content.get("report", {}).get("tables", {}).items():
        out.print(
            f"{table.replace('_', ' ')}: {count['published']:,} published ({count['new']:,} new, "
            f"{count['changed']:,} changed), {count['quarantined']:,} in quarantine",
            markup=False,
        )
    if "report" not in content:
        out.print("Nothing was written. Without --preview the table is imported.", markup=False)
