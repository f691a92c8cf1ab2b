"""First marketing step of `create`: the first wave of offers goes into the outbox, big fish first."""

from typing import Any

from mardev.stages.context import StageContext
from mardev.stages.conversation import conversation_of
from mardev.stages.create.offers import make_next_offers


def write_offers(context: StageContext) -> dict[str, Any]:
    """Queue the first wave; later waves and the reserve follow with the answers (`read_mailbox`)."""
    with context.warehouse.begin() as connection:
        count = make_next_offers(connection, conversation_of(context), context.iteration_key, context.clock.now())
    context.log.info("%d offers queued", count)
    return {"offers": count}
