"""What Shlink's REST API v3 answers, as JSON Schema of our own, written from its documentation.

A contract test compares it with the project's published OpenAPI description.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.protocols.validation import PATTERNS, Checker

DATE_TIME = {"type": "string", "pattern": PATTERNS["date-time"]}
TEXT_OR_NULL = {"type": ["string", "null"]}


def _object(properties: Mapping[str, Any], *, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


DEFINITIONS: Mapping[str, Mapping[str, Any]] = {
    "VisitsSummary": _object({name: {"type": "integer", "minimum": 0} for name in ("total", "nonBots", "bots")}),
    "Meta": _object(
        {"validSince": TEXT_OR_NULL, "validUntil": TEXT_OR_NULL, "maxVisits": {"type": ["number", "null"]}}
    ),
    "ShortUrl": _object(
        {
            "shortCode": {"type": "string", "minLength": 1},
            "shortUrl": {"type": "string", "pattern": "^https?://"},
            "longUrl": {"type": "string", "pattern": "^https?://"},
            "dateCreated": DATE_TIME,
            "visitsSummary": {"$ref": "#/$defs/VisitsSummary"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "meta": {"$ref": "#/$defs/Meta"},
            "domain": TEXT_OR_NULL,
            "title": TEXT_OR_NULL,
            "crawlable": {"type": "boolean"},
            "forwardQuery": {"type": "boolean"},
            "hasRedirectRules": {"type": "boolean"},
        }
    ),
    "Location": {
        "anyOf": [
            {"type": "null"},
            _object(
                {
                    "countryCode": {"type": "string"},
                    "countryName": {"type": "string"},
                    "regionName": {"type": "string"},
                    "cityName": {"type": "string"},
                    "latitude": {"type": "number"},
                    "longitude": {"type": "number"},
                    "timezone": {"type": "string"},
                },
                optional=("regionName", "cityName", "latitude", "longitude", "timezone"),
            ),
        ]
    },
    "Visit": _object(
        {
            "referer": {"type": "string"},
            "date": DATE_TIME,
            "userAgent": {"type": "string"},
            "visitLocation": {"$ref": "#/$defs/Location"},
            "potentialBot": {"type": "boolean"},
            "visitedUrl": TEXT_OR_NULL,
            "redirectUrl": TEXT_OR_NULL,
        }
    ),
    "Pagination": _object(
        {
            name: {"type": "integer", "minimum": 0}
            for name in ("currentPage", "pagesCount", "itemsPerPage", "itemsInCurrentPage", "totalItems")
        }
    ),
    "ShortUrls": _object(
        {
            "shortUrls": _object(
                {
                    "data": {"type": "array", "items": {"$ref": "#/$defs/ShortUrl"}},
                    "pagination": {"$ref": "#/$defs/Pagination"},
                }
            )
        }
    ),
    "Visits": _object(
        {
            "visits": _object(
                {
                    "data": {"type": "array", "items": {"$ref": "#/$defs/Visit"}},
                    "pagination": {"$ref": "#/$defs/Pagination"},
                }
            )
        }
    ),
    "Health": _object(
        {
            "status": {"enum": ["pass", "fail"]},
            "version": {"type": "string"},
            "links": _object({"about": {"type": "string"}, "project": {"type": "string"}}),
        }
    ),
    "Problem": {
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "detail": {"type": "string"},
            "status": {"type": "number"},
        },
        "required": ["type", "title", "detail", "status"],
    },
}


def checker(name: str) -> Checker:
    """A compiled checker of one definition."""
    return Checker(f"shlink {name}", {"$ref": f"#/$defs/{name}", "$defs": DEFINITIONS})
