"""What we write to creators, what must be in it, and what their answers mean."""
