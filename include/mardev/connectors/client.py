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

    def close(self) -> None:
        """Write what is held back and close the connections."""
        self._pipeline.close()
