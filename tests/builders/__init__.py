"""Helper constructors: what a test needs and nobody else."""
