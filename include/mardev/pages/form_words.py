"""A filled start form as people read it: the titles of its fields, names instead of keys, money with its currency."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from mardev.pages import words
from mardev.stages.plan.form_fields import FIELDS, FormField
from mardev.warehouse.read import query

CREATOR_FIELDS = ("must_have", "never")
SAID_WITH_ANOTHER = ("budget_currency",)


def named_creators(connection: sa.Connection, form: Mapping[str, Any]) -> dict[str, str]:
    """Channel key to the creator's name, for the creators whom the form names."""
    keys = [str(key) for name in CREATOR_FIELDS for key in form.get(name) or ()]
    return {row["channel_key"]: row["title"] for row in query(connection, "channel_names", channel_keys=keys)}


def form_lines(form: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Title and value of each field that is filled in; `names` are those of `named_creators`."""
    return [
        (spec.title, _value(spec, form, names))
        for spec in FIELDS
        if spec.name not in SAID_WITH_ANOTHER and form.get(spec.name) not in (None, "", [])
    ]


def _value(spec: FormField, form: Mapping[str, Any], names: Mapping[str, str]) -> str:
    value = form[spec.name]
    match spec.name:
        case "budget_amount":
            return words.money(Decimal(str(value)), form.get("budget_currency") or "EUR")
        case "tolerance_percent":
            return f"{value}%"
        case "markets":
            return words.listing(words.country_name(code) for code in _each(value))
        case "languages":
            return words.listing(words.language_name(code) for code in _each(value))
        case "must_have" | "never":
            return words.listing(names.get(key, key) for key in _each(value))
    if spec.kind == "day":
        return _day(str(value))
    if spec.kind in ("number", "whole_number"):
        return words.number(value)
    if spec.kind in ("choice", "choices", "texts"):
        return words.listing(spec.choices.get(one, one) for one in _each(value))
    return str(value)


def _each(value: Any) -> Sequence[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _day(text: str) -> str:
    try:
        return words.day(date.fromisoformat(text[:10]), with_year=True)
    except ValueError:
        return text
