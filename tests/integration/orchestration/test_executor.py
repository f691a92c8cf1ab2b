"""A task that pauses and is resumed at once is not taken for one that was killed.

Real executors on real queues; what the worker processes would do is played by hand, in the order that hurts.
"""

import os
import tempfile

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="mardev-executor-"))

import multiprocessing
from ctypes import c_uint
from dataclasses import dataclass

import pytest
from airflow.executors.local_executor import LocalExecutor
from airflow.models.taskinstancekey import TaskInstanceKey

from mardev.orchestration.executor import SafeLocalExecutor

KEY = TaskInstanceKey("plan", "sign_plan_marketing", "run", 1, -1)


@dataclass
class Workload:
    """What the executor looks at in a workload."""

    key: TaskInstanceKey


def executor_without_workers(kind):
    executor = kind(parallelism=1)
    executor._spawn_workers_with_gc_freeze = lambda _: None
    executor.start()
    executor._unread_messages = multiprocessing.Value(c_uint)
    return executor


def queue(executor):
    """The scheduler queues the task, the executor sends it to a worker."""
    executor.queued_tasks[KEY] = Workload(KEY)
    executor.running.add(KEY)
    executor._process_workloads([Workload(KEY)])


def exit_of_a_process(executor, state="success"):
    executor.result_queue.put((KEY, state, None))
    while executor.result_queue.empty():
        pass
    executor._read_results()


def reported(executor):
    return list(executor.event_buffer)


def pause_and_resume_before_the_first_exit_is_read(kind):
    executor = executor_without_workers(kind)
    queue(executor)  # asks a person and pauses ...
    queue(executor)  # ... who answered before the exit of the paused process was read
    exit_of_a_process(executor)
    return executor


def test_the_exit_of_the_paused_process_is_not_the_end_of_the_task():
    executor = pause_and_resume_before_the_first_exit_is_read(SafeLocalExecutor)
    assert reported(executor) == []
    assert executor.has_task(_AskedFor())
    exit_of_a_process(executor)
    assert reported(executor) == [KEY]


def test_the_stock_executor_takes_it_for_the_end():
    """When this fails, Airflow has mended it, and ours can go."""
    assert reported(pause_and_resume_before_the_first_exit_is_read(LocalExecutor)) == [KEY]


def test_an_ordinary_exit_is_reported():
    executor = executor_without_workers(SafeLocalExecutor)
    queue(executor)
    exit_of_a_process(executor, "failed")
    assert reported(executor) == [KEY]


def test_a_resumption_that_still_waits_for_a_worker_counts_too():
    executor = executor_without_workers(SafeLocalExecutor)
    queue(executor)
    executor.queued_tasks[KEY] = Workload(KEY)
    exit_of_a_process(executor)
    assert reported(executor) == []


@dataclass
class _AskedFor:
    """A task instance as `has_task` looks at it."""

    key: TaskInstanceKey = KEY
    id: str = ""


@pytest.fixture(autouse=True)
def _no_heavy_imports(monkeypatch):
    monkeypatch.setattr("mardev.orchestration.executor.PRELOADED", ("json", "no_such_library"))
