"""What went wrong and why, computed from evidence; what to do next time."""
