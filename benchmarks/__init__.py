"""Benchmarks: what `mardev bench` starts as a child process."""
