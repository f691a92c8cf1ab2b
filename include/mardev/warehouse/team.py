"""Who may decide what, mirrored from Airflow's login: a person holds the roles their login says."""

import sqlalchemy as sa

from mardev.home.persons import ROLE_OF_AIRFLOW_ROLE
from mardev.warehouse.engine import create_engine

MEMBERS_IN_AIRFLOW = sa.text(
    """
    SELECT person.id::text AS airflow_user_id, person.username AS person, person.email,
           trim(person.first_name || ' ' || person.last_name) AS full_name, role.name AS airflow_role
    FROM ab_user AS person
    JOIN ab_user_role AS membership ON membership.user_id = person.id
    JOIN ab_role AS role ON role.id = membership.role_id
    WHERE role.name IN :airflow_roles AND person.active
    ORDER BY person.username, role.name
    """
).bindparams(sa.bindparam("airflow_roles", expanding=True))

REMEMBER_MEMBER = sa.text(
    """
    INSERT INTO core.role_member (person, role, full_name, email, airflow_user_id)
    VALUES (:person, :role, :full_name, :email, :airflow_user_id)
    """
)


def mirror_team(airflow_url: str, warehouse_url: str) -> int:
    """Make `core.role_member` say what Airflow's login says now.

    Args:
        airflow_url: SQLAlchemy URL of Airflow's metadata database.
        warehouse_url: SQLAlchemy URL of the migrated warehouse.

    Returns:
        The number of memberships.
    """
    airflow = sa.create_engine(airflow_url, poolclass=sa.NullPool)
    with airflow.connect() as connection:
        rows = connection.execute(MEMBERS_IN_AIRFLOW, {"airflow_roles": list(ROLE_OF_AIRFLOW_ROLE)}).mappings().all()
    members = [dict(row) | {"role": str(ROLE_OF_AIRFLOW_ROLE[row["airflow_role"]])} for row in rows]
    warehouse = create_engine(warehouse_url, "writer")
    with warehouse.begin() as connection:
        connection.execute(sa.text("DELETE FROM core.role_member"))
        if members:
            connection.execute(REMEMBER_MEMBER, members)
    return len(members)
