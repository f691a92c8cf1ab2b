"""The form of `plan` as Airflow shows it: one screen, every field visible."""

from collections.abc import Callable
from typing import Any

from airflow.sdk import Param

from mardev.stages.plan.form_fields import FIELDS, LONGEST_CAMPAIGN_NAME, FormField


def plan_params() -> dict[str, Param]:
    """One Airflow parameter for each field, in order. No sections: Airflow folds them away."""
    return {spec.name: _param(spec) for spec in FIELDS}


def _param(spec: FormField) -> Param:
    words: dict[str, Any] = {"title": spec.title, "description": spec.help or None}
    return Param(spec.default, **words, **_SCHEMAS[spec.kind](spec)) if not spec.is_required else Param(
        **words, type="string", minLength=2, maxLength=LONGEST_CAMPAIGN_NAME
    )  # fmt: skip


def _optional(spec: FormField, kind: str) -> Any:
    return kind if spec.default is not None else ["null", kind]


def _choice(spec: FormField) -> dict[str, Any]:
    empty = [] if spec.default is not None else [None]
    return {
        "type": _optional(spec, "string"),
        "enum": [*empty, *spec.choices],
        "values_display": {"": "", **spec.choices} if empty else dict(spec.choices),
    }


_SCHEMAS: dict[str, Callable[[FormField], dict[str, Any]]] = {
    "text": lambda spec: {"type": _optional(spec, "string")},
    "long_text": lambda spec: {"type": _optional(spec, "string"), "format": "multiline"},
    # Budget and target: nothing is planned with zero or less.
    "number": lambda spec: {"type": _optional(spec, "number"), "exclusiveMinimum": 0},
    "whole_number": lambda spec: {"type": "integer", "minimum": spec.least, "maximum": spec.most},
    "day": lambda _: {"type": ["null", "string"], "format": "date"},
    "choice": _choice,
    "texts": lambda _: {"type": ["null", "array"]},
    "choices": lambda spec: {
        "type": ["null", "array"],
        "examples": [*spec.choices],
        "values_display": {**spec.choices},
    },
}
