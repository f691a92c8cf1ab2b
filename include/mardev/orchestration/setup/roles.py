"""The roles of the two teams and of their head.

A team role sees and uses the parts of a DAG (runs, tasks, logs, requests) but no DAG by itself: which
DAGs it may see and start says ``access_control`` of each DAG. It may answer requests. It may not create
asset events, nor edit runs or task instances: both would let somebody pass a decision nobody took.
"""

from typing import Any

from airflow.providers.fab.www.security import permissions

TEAM_ROLES = ("Marketing", "IT", "Head")

Right = tuple[str, str]


def team_rights(security_manager: Any) -> frozenset[Right]:
    """The rights of a team role as (action, resource): a viewer's, and starting and answering."""
    viewer: set[Right] = set(security_manager.VIEWER_PERMISSIONS)
    # The global right on DAGs would beat access_control; only its menu entry stays.
    rights = {
        (action, resource)
        for action, resource in viewer
        if resource != permissions.RESOURCE_DAG or action == permissions.ACTION_CAN_ACCESS_MENU
    }
    return frozenset(
        rights
        | {
            (permissions.ACTION_CAN_CREATE, permissions.RESOURCE_DAG_RUN),
            (permissions.ACTION_CAN_EDIT, permissions.RESOURCE_HITL_DETAIL),
            (permissions.ACTION_CAN_ACCESS_MENU, permissions.RESOURCE_HITL_DETAIL),
            (permissions.ACTION_CAN_READ, permissions.RESOURCE_PLUGIN),
            (permissions.ACTION_CAN_ACCESS_MENU, permissions.RESOURCE_PLUGIN),
        }
    )


def ensure_roles(security_manager: Any) -> None:
    """Make the team roles, and give each exactly the rights above; rights on single DAGs are kept."""
    wanted = team_rights(security_manager)
    granted = {right: _permission(security_manager, right) for right in sorted(wanted)}
    for name in TEAM_ROLES:
        role = security_manager.find_role(name) or security_manager.add_role(name)
        on_single_dags = [held for held in role.permissions if _is_on_a_single_dag(held.resource.name)]
        role.permissions = [*granted.values(), *on_single_dags]
    security_manager.session.commit()


def _permission(security_manager: Any, right: Right) -> Any:
    return security_manager.get_permission(*right) or security_manager.create_permission(*right)


def _is_on_a_single_dag(resource_name: str) -> bool:
    return resource_name.startswith((permissions.RESOURCE_DAG_PREFIX, f"{permissions.RESOURCE_DAG_RUN}:"))
