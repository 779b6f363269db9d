"""How the two authentications read in the schema: one bearer scheme."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class _BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class SessionTokenScheme(_BearerScheme):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.SessionTokenAuthentication"


class ClaimsScheme(_BearerScheme):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.ClaimsAuthentication"
