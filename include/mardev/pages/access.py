"""Who is asking and what they may do: the person behind a request, their roles, and where a change may come from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

import sqlalchemy as sa
from fastapi import Depends, HTTPException, Request

from mardev.domain.words import Role
from mardev.pages.services import PageServices, SignedIn
from mardev.stages.decisions import HAND_OVER_PREFIX
from mardev.warehouse.read import query

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Person:
    """A signed-in person with the roles of `core.role_member`."""

    name: str
    full_name: str
    roles: frozenset[str]
    token: str = field(repr=False)

    def may(self, role: str) -> bool:
        return role in self.roles

    def may_answer(self, asked: sa.RowMapping) -> bool:
        """Whether a decision is this person's; the head may lift any block, so answers hand-overs of either lane."""
        lifts_blocks = asked["decision_key"].startswith(HAND_OVER_PREFIX) and self.may(Role.HEAD)
        return self.may(asked["role"]) or lifts_blocks


def services_of(request: Request) -> PageServices:
    services: PageServices = request.app.state.services
    return services


def refuse_foreign_origin(request: Request) -> None:
    """Answer 403 to a change that another site sent.

    A browser names the page a POST comes from. Without that name only a request that brings its own bearer
    token passes: such a token is never added by a browser on its own.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    fetch_site = request.headers.get("sec-fetch-site")
    if fetch_site is not None and fetch_site != "same-origin":
        raise HTTPException(403, "This change was sent from another site.")
    if origin is None:
        if fetch_site is None and not request.headers.get("authorization", "").lower().startswith("bearer "):
            raise HTTPException(403, "The request does not say which page it comes from.")
    elif urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "This change was sent from another site.")


def read_connection(request: Request) -> Iterator[sa.Connection]:
    """A reader connection for the length of a request: one snapshot, so that the figures of a page fit together."""
    engine = services_of(request).reader().execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        yield connection


ReadConnection = Annotated[sa.Connection, Depends(read_connection)]


def current_person(request: Request, connection: ReadConnection) -> Person:
    signed_in: SignedIn = request.state.signed_in
    rows = query(connection, "person_roles", person=signed_in.person)
    return Person(
        name=signed_in.person,
        full_name=rows[0]["full_name"] if rows else signed_in.person,
        roles=frozenset(row["role"] for row in rows),
        token=signed_in.token,
    )


CurrentPerson = Annotated[Person, Depends(current_person)]
