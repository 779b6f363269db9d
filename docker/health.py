# ruff: noqa: INP001 - a script of the image, not a module
"""Exit with 0 if the server in this container answers `/health` under one of its allowed host names."""

import http.client
import os
import sys

names = os.environ.get("ALLOWED_HOSTS") or "localhost"
connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
connection.request("GET", "/health", headers={"Host": names.split(",")[0].strip().lstrip(".")})
sys.exit(connection.getresponse().status != http.HTTPStatus.OK)
