"""YouTube Data API v3: the read methods that a crawler of public data uses."""
