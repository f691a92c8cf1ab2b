"""A context of Great Expectations that lives as long as one gate. Importing this costs seconds.

`get_context(mode="ephemeral")` makes a folder for documentation pages each time, and writes its configuration out as
YAML at each change only to throw it away: a fifth of the time of a small batch.
"""

from great_expectations.data_context import EphemeralDataContext, set_context
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)


class UnsavedContext(EphemeralDataContext):  # type: ignore[misc]  # Great Expectations counts as untyped
    """Keeps its configuration nowhere, so there is nothing to write."""

    def _save_project_config(self) -> None:
        pass


def unsaved_context() -> EphemeralDataContext:
    """A new context without documentation pages, progress bars or analytics."""
    context = UnsavedContext(
        DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        )
    )
    set_context(context)  # the library asks for the context of the process
    return context
