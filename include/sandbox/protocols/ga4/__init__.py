"""Google Analytics Data API v1beta: ``properties.runReport``."""
