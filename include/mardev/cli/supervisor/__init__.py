"""Starts everything in the right order, restarts what dies, stops all of it, and never leaves an orphan."""
