"""MarDev: DevOps for marketing. See README.md for the way through the code."""

__version__ = "0.1.0"
