"""Google Analytics 4, reports only."""

from mardev.connectors.analytics.client import Analytics
from mardev.connectors.analytics.records import SessionRecord

__all__ = ["Analytics", "SessionRecord"]
