"""Plain types of the trade. Standard library only; imported by everybody, imports errors only."""
