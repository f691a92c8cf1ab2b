"""Bring a table: upload, preview of what was understood, confirm; what became of the files brought before."""

from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from mardev.domain.words import Role
from mardev.errors import FixFirst
from mardev.imports.understanding import KINDS
from mardev.pages.access import CurrentPerson, Person, ReadConnection, services_of
from mardev.pages.airflow_api import AirflowRefused, AirflowUnreached, start_pipeline
from mardev.pages.decision import FormFields
from mardev.pages.view import own_base, render
from mardev.stages.import_files.files import confirm, discard, keep_file
from mardev.warehouse.read import query

LARGEST_BYTES = 250 * 1024 * 1024
FILES_SHOWN = 30
BRINGING_ROLES = (Role.MARKETING, Role.TECHNOLOGY, Role.HEAD)
router = APIRouter()


@dataclass(frozen=True)
class Upload:
    """A file of the form, on the disk of this machine when it is large."""

    name: str
    stream: IO[bytes]
    kind: str | None


async def read_upload(request: Request) -> Upload:
    """The form's file. A dependency, so that the login is asked before a byte of the body is read.

    Raises:
        HTTPException: 411 and 413, of unknown length or too large; 422, no file was chosen.
    """
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise HTTPException(411, "The browser does not say how large the file is.")
    if int(length) > LARGEST_BYTES:
        raise HTTPException(
            413, f"The file is larger than {LARGEST_BYTES // 2**20} MB. Cut it, or use `mardev import`."
        )
    form = await request.form(max_files=1, max_fields=5)
    file, kind = form.get("file"), form.get("kind")
    if not isinstance(file, UploadFile) or not file.filename:
        raise HTTPException(422, "Choose a file first.")
    return Upload(file.filename, file.file, str(kind) if kind in KINDS else None)


Uploaded = Annotated[Upload, Depends(read_upload)]


@router.get("/imports", response_class=HTMLResponse)
def imports(request: Request, person: CurrentPerson, connection: ReadConnection) -> HTMLResponse:
    return render(
        request,
        "imports.html",
        person=person,
        world=services_of(request).world(),
        may_bring=_may_bring(person),
        kinds=KINDS,
        files=query(connection, "import_files", import_key=None, row_limit=FILES_SHOWN),
    )


@router.post("/imports")
def upload(request: Request, person: CurrentPerson, uploaded: Uploaded) -> Response:
    """Preview the file and show what was understood; nothing is imported before somebody confirms."""
    _require_bringing(person)
    services = services_of(request)
    try:
        key = keep_file(
            services.writer(), services.clock(), services.world(), uploaded.stream,
            file_name=uploaded.name, kind=uploaded.kind, person=person.name,
        )  # fmt: skip
    except FixFirst as trouble:
        raise HTTPException(422, str(trouble)) from trouble
    return RedirectResponse(f"{own_base(request)}/imports/{key}", 303)


@router.get("/imports/{import_key}", response_class=HTMLResponse)
def import_preview(
    import_key: str, request: Request, person: CurrentPerson, connection: ReadConnection
) -> HTMLResponse:
    rows = query(connection, "import_files", import_key=import_key, row_limit=1)
    if not rows:
        raise HTTPException(404, "There is no such file.")
    return render(
        request,
        "import_preview.html",
        person=person,
        world=rows[0]["world"],
        file=rows[0],
        found=rows[0]["preview"],
        may_answer=_may_bring(person) and rows[0]["state"] == "previewed",
    )


@router.post("/imports/{import_key}")
def answer_import(import_key: str, request: Request, person: CurrentPerson, form: FormFields) -> Response:
    """Confirm or discard a previewed file."""
    _require_bringing(person)
    services = services_of(request)
    match form.get("answer"):
        case "confirm":
            confirm(services.writer(), services.clock(), services.world(), import_key, person=person.name)
            # Where the person may not start it, the pipeline finds the file at its next regular run.
            with suppress(AirflowRefused, AirflowUnreached):
                start_pipeline(services.airflow(), person.token, "import_files")
        case "discard":
            discard(services.writer(), services.clock(), services.world(), import_key)
        case _:
            raise HTTPException(422, "Confirm or discard the file.")
    return RedirectResponse(f"{own_base(request)}/imports/{import_key}", 303)


def _may_bring(person: Person) -> bool:
    return any(person.may(role) for role in BRINGING_ROLES)


def _require_bringing(person: Person) -> Any:
    if not _may_bring(person):
        raise HTTPException(403, "Tables are brought by marketing or technology.")
