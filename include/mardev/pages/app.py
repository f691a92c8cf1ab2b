"""The pages as one FastAPI app: every route stands behind the login, because the app itself asks for it.

Nothing is mounted: style sheets and scripts are routes too, so no address escapes the login.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

from mardev.errors import FormRejected, MarDevError, RetryLater
from mardev.pages import (
    data_quality,
    decision,
    files,
    go_live,
    graph,
    imports,
    iterations,
    my_work,
    plan_review,
    retrospective,
)
from mardev.pages.access import refuse_foreign_origin
from mardev.pages.services import PageServices, SignedIn
from mardev.pages.view import airflow_base, render
from mardev.stages.decisions import AnswerIncomplete, NothingAsked, NotYourDecision

PAGE_MODULES = (
    my_work, plan_review, go_live, retrospective, decision, iterations, graph, imports, data_quality, files,
)  # fmt: skip
ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
STATUS_OF_ERROR: tuple[tuple[type[MarDevError], int], ...] = (
    (NotYourDecision, 403),
    (NothingAsked, 404),
    (AnswerIncomplete, 422),
    (FormRejected, 422),
    (RetryLater, 503),
)
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def create_app(services: PageServices) -> FastAPI:
    """The app, to be mounted under ``/mardev``."""

    def remember_who(request: Request, signed_in: Annotated[SignedIn, Depends(services.sign_in)]) -> None:
        request.state.signed_in = signed_in

    app = FastAPI(
        title="MarDev",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(remember_who), Depends(refuse_foreign_origin)],
    )
    app.state.services = services
    for module in PAGE_MODULES:
        app.include_router(module.router)
    app.add_api_route("/{anything:path}", _nothing_here, methods=ALL_METHODS)
    app.add_exception_handler(StarletteHTTPException, _explain_refusal)
    app.add_exception_handler(RequestValidationError, _explain_bad_request)
    app.add_exception_handler(MarDevError, _explain_error)
    app.add_exception_handler(sa.exc.OperationalError, _explain_warehouse)
    app.add_exception_handler(sa.exc.ProgrammingError, _explain_warehouse)
    app.middleware("http")(_add_security_headers)
    return app


def _nothing_here(anything: str) -> None:
    raise HTTPException(404, f"There is no page /{anything[:200]}.")


async def _add_security_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _wants_a_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and "x-fragment" not in request.headers


async def _explain_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)  # noqa: S101  # registered for this class only
    was_never_signed_in = not hasattr(request.state, "signed_in")
    if was_never_signed_in and request.method == "GET" and _wants_a_page(request):
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{airflow_base(request)}/api/v2/auth/login?next={quote(address, safe='')}", 303)
    if was_never_signed_in:
        # A login that is broken (403 of a token of another installation) and one that is missing: both mean sign in.
        return JSONResponse({"detail": "Sign in first."}, 401, {"WWW-Authenticate": "Bearer"})
    return _answer(request, error.status_code, str(error.detail))


async def _explain_bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for this class only
    fields = ", ".join(sorted({str(problem["loc"][-1]) for problem in error.errors()}))
    return _answer(request, 422, f"Something is missing or unreadable: {fields}.")


async def _explain_error(request: Request, error: Exception) -> Response:
    status_code = next((code for kind, code in STATUS_OF_ERROR if isinstance(error, kind)), 409)
    message = str(error)
    if isinstance(error, FormRejected):
        message = " ".join(f"{field.capitalize()}: {problem}." for field, problem in error.problems.items())
    return _answer(request, status_code, message)


async def _explain_warehouse(request: Request, _error: Exception) -> Response:
    return _answer(
        request, 503, "The warehouse does not answer as expected. `mardev doctor` says why; `mardev up` starts it."
    )


def _answer(request: Request, status_code: int, message: str) -> Response:
    if not _wants_a_page(request):
        return JSONResponse({"detail": message}, status_code)
    return render(request, "problem.html", person=None, status_code=status_code, message=message, title="Not possible")
