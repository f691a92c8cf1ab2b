"""The executor of one machine: Airflow's LocalExecutor, without the fault that fails healthy tasks.

The fault (Airflow 3.3.2): a task that pauses (deferred, or waiting for a person) and the same task resumed share one
key. When the resumption is queued before the exit of the paused process was read, the late exit removes the key, and
the scheduler takes the running task for one that was killed. Here an exit counts only when no newer workload of the
key is under way.

`start` also imports once, before the workers are forked, what no task should pay for: the heavy libraries, and what the
steps stand on. They are imported, never computed with: a thread pool that exists before a fork does not survive it. The
steps themselves are not among them, so a step that was edited is what the next task runs.
"""

import importlib
import logging
from collections import Counter
from typing import Any

from airflow.executors.local_executor import LocalExecutor

PRELOADED = (
    "pandas",
    "networkx",
    "networkit",
    "numba",
    "scipy.sparse",
    "great_expectations",
    "mardev.quality.expectations",
    "mardev.quality.gate",
    "mardev.quality.unsaved_context",
    "mardev.connectors.analytics",
    "mardev.connectors.google",
    "mardev.connectors.mailbox",
    "mardev.connectors.shlink",
    "mardev.connectors.shop",
    "mardev.connectors.youtube",
    "mardev.warehouse.write",
    "googleapiclient.discovery",
    "sqlalchemy.dialects.postgresql",
    "psycopg",
    "httpx",
    "icalendar",
    "jinja2",
    "babel",
    "airflow.providers.standard.operators.hitl",
    "airflow.providers.standard.decorators.python",
    "airflow.providers.smtp.hooks.smtp",
)


def _read_trusted_certificates() -> None:
    """Reading them costs each task that asks a service 50 ms."""
    from mardev.connectors.http import trusted_certificates

    trusted_certificates()


class SafeLocalExecutor(LocalExecutor):
    """LocalExecutor that ignores the exit of a superseded workload."""

    def start(self) -> None:
        """Import what tasks need, then fork the workers."""
        self._outstanding: Counter[Any] = Counter()
        logging.getLogger("great_expectations").setLevel(logging.WARNING)  # it tells of every function it has
        for name in PRELOADED:
            try:
                importlib.import_module(name)
            except ImportError as error:
                self.log.warning("Tasks will import %s themselves: %s", name, error)
        _read_trusted_certificates()
        super().start()

    def _process_workloads(self, workload_list: Any) -> None:
        for workload in workload_list:
            self._outstanding[workload.key] += 1
        super()._process_workloads(workload_list)  # type: ignore[no-untyped-call]  # Airflow leaves it untyped

    def _read_results(self) -> None:
        while not self.result_queue.empty():
            key, state, error = self.result_queue.get()
            if getattr(state, "value", state) == "running":  # callbacks say that they run, then that they are done
                self.change_state(key, state)
                continue
            self._outstanding[key] -= 1
            if self._outstanding[key] > 0 or key in self.queued_tasks:
                self.log.info("Ignoring the exit of a superseded workload of %s", key)
                self.running.add(key)
                continue
            self._outstanding.pop(key, None)
            if error is not None:
                self.log.warning("Workload %s failed: %s", key, type(error).__name__)
            self.change_state(key, state)
