"""What we may do with what a source tells us: how long to keep it, whether to score with it (pure)."""
