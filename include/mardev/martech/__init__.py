"""The systems marketing runs on: what they are for, what a plan asks of them, when they are broken."""
