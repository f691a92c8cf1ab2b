"""The people who sign in. Somebody who is there already is left as they are, password included."""

from collections.abc import Mapping, Sequence
from typing import Any

from mardev.errors import FixFirst
from mardev.home.persons import Person


def ensure_people(security_manager: Any, people: Sequence[Person], passwords: Mapping[str, str]) -> list[str]:
    """Add the people who are missing.

    Args:
        security_manager: Airflow's, inside its application context.
        people: who is to exist; their Airflow roles exist.
        passwords: username to password.

    Returns:
        The usernames added now.

    Raises:
        FixFirst: the login refuses a person.
    """
    added = []
    for person in people:
        if security_manager.find_user(username=person.username):
            continue
        first_name, _, last_name = person.full_name.partition(" ")
        role = security_manager.find_role(person.airflow_role)
        made = security_manager.add_user(
            person.username, first_name, last_name, person.email, role, password=passwords[person.username]
        )
        if not made:
            raise FixFirst(f"Airflow did not accept the user {person.username}; its log says why.")
        added.append(person.username)
    return added
