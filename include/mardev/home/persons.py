"""The people of the sandbox's brand. They exist in the sandbox world only; a live world has its own."""

from dataclasses import dataclass

from mardev.domain.words import Role

BRAND_DOMAIN = "aptovia.example"


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. `airflow_role` is the role of that name in Airflow's login."""

    username: str
    full_name: str
    title: str
    airflow_role: str

    @property
    def email(self) -> str:
        return f"{self.username}@{BRAND_DOMAIN}"


ROLE_OF_AIRFLOW_ROLE = {"Marketing": Role.MARKETING, "IT": Role.TECHNOLOGY, "Head": Role.HEAD}

DEMO_PERSONS = (
    Person("mia", "Mia Keller", "Marketing manager", "Marketing"),
    Person("ian", "Ian Osei", "Martech engineer (IT)", "IT"),
    Person("hana", "Hana Sato", "Head of marketing technology", "Head"),
)
ADMINISTRATOR = Person("admin", "Ada Min", "Administrator", "Admin")
SANDBOX_PERSONS = (*DEMO_PERSONS, ADMINISTRATOR)
