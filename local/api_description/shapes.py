"""How the description of the API says what a value is: JSON Schema, as OpenAPI 3.1 has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]

ANY: Schema = {}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
OPEN: Schema = {"type": "object"}
"""An object whose fields are another's to name."""


def whole(least: int | None = None, most: int | None = None) -> Schema:
    bounds = {"minimum": least, "maximum": most}
    return {"type": "integer", **{name: at for name, at in bounds.items() if at is not None}}


def text(least: int = 0, most: int | None = None, *, pattern: str = "") -> Schema:
    told: dict[str, Any] = {"type": "string"}
    if least:
        told["minLength"] = least
    if most is not None:
        told["maxLength"] = most
    return {**told, "pattern": pattern} if pattern else told


def one_of(*words: str) -> Schema:
    return {"type": "string", "enum": [str(word) for word in words]}


def listed(of: Schema, least: int = 0, most: int | None = None) -> Schema:
    told: dict[str, Any] = {"type": "array", "items": of}
    if least:
        told["minItems"] = least
    return told if most is None else {**told, "maxItems": most}


def maybe(schema: Schema) -> Schema:
    """It, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def by_name(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": of}


def fields(needed: Mapping[str, Schema], *, more: Mapping[str, Schema] | None = None) -> Schema:
    """An object that has all of `needed`, and of `more` what it has."""
    return {"type": "object", "properties": {**needed, **(more or {})}, "required": list(needed)}


def succeeded(**told: Schema) -> Schema:
    """`{"success": true, …}`"""
    return fields({"success": {"const": True}, **told})


def data(schema: Schema) -> Schema:
    """The envelope of the communities' answers."""
    return succeeded(data=schema)


def page(of: Schema, after: Schema) -> Schema:
    """So much of a list; `next` is what the next question takes."""
    pagination = fields({"next": maybe(after)})
    return succeeded(data=listed(of), meta=fields({"pagination": pagination}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One route as people read of it; `example` is a body that does what it says.

    `scope` is what a key needs; None where none is needed at all.
    """

    summary: str
    answer: Schema
    scope: str | None = ""
    body: Schema | None = None
    example: Any = None
    needs_body: bool = True
    query: Mapping[str, Schema] = field(default_factory=dict)
    path: Mapping[str, Schema] = field(default_factory=dict)
    most_kib: int = 256
    more: Sequence[tuple[str, Schema]] = ()
    """Other statuses than an error's, with their answers."""
