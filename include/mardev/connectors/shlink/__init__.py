"""Shlink, the link shortener (REST v3)."""

from mardev.connectors.shlink.client import Shlink
from mardev.connectors.shlink.records import ShortUrlRecord, VisitRecord

__all__ = ["Shlink", "ShortUrlRecord", "VisitRecord"]
