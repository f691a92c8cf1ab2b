"""What the clients of all platforms have in common: they live as long as a `with` block."""

from types import TracebackType
from typing import Self

from mardev.connectors.http import RequestPipeline


class PipelineClient:
    """Owns the pipeline that it sends its calls through."""

    def __init__(self, pipeline: RequestPipeline) -> None:
        self._pipeline = pipeline

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def remaining_units(self, bucket: str = "default") -> int | None:
        """Units left of this window, by our own ledger; None where no quota is kept."""
        return self._pipeline.remaining_units(bucket)

    def limit_units(self, bucket: str = "default") -> int | None:
        """Units of a whole window; None where no quota is kept."""
        return self._pipeline.limit_units(bucket)

    def share_units(self, bucket: str = "default") -> int | None:
        """Units of a whole window that we can have when all others take theirs; None where no quota is kept."""
        return self._pipeline.share_units(bucket)

    def close(self) -> None:
        """Write what is held back and close the connections."""
        self._pipeline.close()
