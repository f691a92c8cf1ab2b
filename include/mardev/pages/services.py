"""What the pages are given: two ways into the warehouse, a clock, Airflow's API, a login. Free of Airflow."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import sqlalchemy as sa

from mardev.clock import Clock
from mardev.domain.words import World


@dataclass(frozen=True)
class SignedIn:
    """Who the login says this is. The token is the person's own and goes nowhere but to Airflow's API."""

    person: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class PageServices:
    """Everything is made when it is first used: the pages are loaded by processes that never serve one.

    `reader` and `writer` give engines, `clock` and `world` those of the installation, `airflow` a client whose base
    URL is Airflow's own on loopback. `sign_in` is a FastAPI dependency that returns `SignedIn` or answers 401.
    """

    reader: Callable[[], sa.Engine]
    writer: Callable[[], sa.Engine]
    clock: Callable[[], Clock]
    world: Callable[[], World]
    airflow: Callable[[], httpx.Client]
    sign_in: Callable[..., Any]
