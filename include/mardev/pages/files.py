"""Style sheet and scripts: named one by one, so that nothing else of the folder is ever served."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {
    "mardev.css": "text/css; charset=utf-8",
    "mardev.js": "text/javascript; charset=utf-8",
    "graph.js": "text/javascript; charset=utf-8",
    "graph_draw.js": "text/javascript; charset=utf-8",
    "mardev.svg": "image/svg+xml",
}
router = APIRouter()


@router.get("/static/{name}")
def static_file(name: str, request: Request) -> Response:
    if name not in MEDIA_TYPES:
        raise HTTPException(404, "There is no such file.")
    content, tag = _content(name)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=MEDIA_TYPES[name], headers=headers)


@cache
def _content(name: str) -> tuple[bytes, str]:
    content = (FOLDER / name).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'
