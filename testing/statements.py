"""The database statements that one call makes."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from testing.phone import Phone


def statements(phone: Phone, path: str) -> list[str]:
    """Return the call's database statements, without the rate counter and its transactions."""
    assert phone.get(path).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert phone.get(path).status_code == 200
    ours = [query["sql"] for query in captured.captured_queries if "common_ratecounter" not in query["sql"]]
    return [sql for sql in ours if sql.split()[0] not in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")]
