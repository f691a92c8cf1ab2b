"""The outside world, once each: typed records out, our errors out, nothing else."""
