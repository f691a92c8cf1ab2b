"""A placement whose window closed without a post: people hear of it, and hear when it comes after all."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.stages.context import StageContext
from mardev.warehouse import tables
from mardev.warehouse.read import query


def report_late_posts(context: StageContext) -> int:
    """Open an incident for each late post, close those that came. Returns how many are late now."""
    now = context.clock.now()
    incident = tables.incident
    with context.warehouse.begin() as connection:
        rows = query(connection, "placements_past_window", now=now, world=str(context.world))
        for row in rows:
            key = f"late_post/{row['placement_key']}"
            if row["is_live"]:
                connection.execute(
                    sa.update(incident)
                    .where(incident.c.incident_key == key, incident.c.closed_at.is_(None))
                    .values(closed_at=now)
                )
                continue
            connection.execute(
                postgresql.insert(incident)
                .values(
                    incident_key=key,
                    world=str(context.world),
                    iteration_key=row["iteration_key"],
                    lane="marketing",
                    source="post_check",
                    title=f"The post of {row['channel_title']} is late",
                    detail="Its window has closed and no post with its link or code was found.",
                    next_step="Write to the creator, or take the placement out.",
                    page_path=f"/mardev/iterations/{row['iteration_key']}",
                    opened_at=now,
                )
                .on_conflict_do_nothing(index_elements=["incident_key"])
            )
    return sum(not row["is_live"] for row in rows)
