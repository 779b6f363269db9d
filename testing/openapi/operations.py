"""The operations of the OpenAPI schema, and how to call each of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

# The contract's open routes (section 1); all others require a bearer token.
OPEN = re.compile(
    r"/health(/ready)?|/v1/auth/(register|login|refresh|password/reset(/confirm)?)|/v1/webhooks/.*|/v1/products"
    r"|/v1/documents/.*|/v1/storage/\{token\}|/v1/verify/(keys|\{token\})"
)
# The pattern of a code, or of a hash.
DIGITS = re.compile(r"\^(?:\\d|\[0-9a-fA-F\])\{(\d+)\}\$")
UNCOUNTED = re.compile(r"/health(/ready)?")


@cache
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def component(name: str) -> dict[str, Any]:
    return schema()["components"]["schemas"][name]


def fields_of(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an object, with those of every alternative, and their shapes."""
    if "$ref" in shape:
        return fields_of(component(shape["$ref"].rpartition("/")[2]))
    found = dict(shape.get("properties", {}))
    for one in shape.get("oneOf", ()):
        found |= fields_of(one)
    return found


@dataclass(frozen=True)
class Operation:
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def spec(self) -> dict[str, Any]:
        return schema()["paths"][self.path][self.method.lower()]

    @property
    def is_open(self) -> bool:
        return OPEN.fullmatch(self.path) is not None

    @property
    def names_an_id(self) -> bool:
        return "_id}" in self.path or "{id}" in self.path

    @property
    def takes_json(self) -> bool:
        """Return whether the operation takes JSON. Webhooks are signed bytes, whatever their content."""
        taken = self.spec.get("requestBody", {}).get("content", {})
        return "application/json" in taken and not self.path.startswith("/v1/webhooks/")

    def url(self, ids: Mapping[str, Any] = {}) -> str:
        values = {"mode": "corrosion", "token": "no-such-link"} | dict(ids)
        if "/auth/me/sessions/" in self.path:  # the others with a session are pages to pay on
            values["session_id"] = ids.get("sign_in_id", uuid4())
        return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], uuid4())), self.path)

    def body(self) -> Any:
        """Return the smallest body the schema allows, or None."""
        return example(self.spec["requestBody"]["content"]["application/json"]["schema"]) if self.takes_json else None

    def call(self, client: APIClient, ids: Mapping[str, Any] = {}, **extra: Any) -> Any:
        return getattr(client, self.method.lower())(self.url(ids), self.body(), format="json", **extra)


def example(shape: dict[str, Any]) -> Any:
    if "$ref" in shape:
        return example(component(shape["$ref"].rpartition("/")[2]))
    for alternatives in ("allOf", "oneOf"):
        if alternatives in shape:
            return example(shape[alternatives][0])
    if "properties" in shape or shape.get("type") == "object":
        required = shape.get("required", [])
        return {name: example(inner) for name, inner in shape.get("properties", {}).items() if name in required}
    if "enum" in shape:
        return shape["enum"][0]
    kinds = {"integer": shape.get("minimum", 1), "number": 1.0, "boolean": True, "array": []}
    return kinds.get(shape.get("type", ""), _text(shape))


def _text(shape: dict[str, Any]) -> str:
    formats = {
        "date": "2026-05-01",
        "date-time": "2026-05-01T10:00:00Z",
        "email": "a@example.org",
        "uuid": str(uuid4()),
    }
    if digits := DIGITS.fullmatch(shape.get("pattern", "")):
        return "0" * int(digits[1])
    return formats.get(shape.get("format", ""), "image/jpeg")


def operations() -> list[Operation]:
    methods = ("get", "post", "put", "patch", "delete")
    return [
        Operation(method.upper(), path)
        for path, operations in sorted(schema()["paths"].items())
        for method in operations
        if method in methods
    ]
