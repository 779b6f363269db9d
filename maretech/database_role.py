"""What the application may do in its database: work with the rows, and nothing that could lift a seal (Postgres).

One role owns the tables and migrates; another, of which the processes that serve are, reads and writes rows. What
grows only (the books, histories, results) it cannot change or empty even where a trigger is missing.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from django.db import connection, transaction

_BOOKS: Final = ("billing_ledgerentry", "billing_ledgertransaction")
# Beside SELECT and INSERT. Every table that is not named here may be changed row by row.
SEALED: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_BOOKS, ()),
    "billing_orderevent": (),
    "billing_subscriptionevent": (),
    "billing_disputestep": ("UPDATE (note)",),  # an address leaves it with the person
    "billing_product": ("UPDATE (id)",),  # no more than `SELECT … FOR UPDATE` needs: a trigger refuses the change
    "accounts_staffaction": ("UPDATE (reason, detail)",),  # an outcome is added, an address leaves
    "inspections_result": ("DELETE",),
    "inspections_shadowresult": ("DELETE",),
}
_MIGRATIONS: Final = "django_migrations"
# Each of these leads to the whole server.
_MIGHTY: Final = ("pg_execute_server_program", "pg_write_server_files", "pg_read_server_files")

_FAULTS: Final = """
    WITH tables AS (
        SELECT c.oid, c.relname, c.relowner FROM pg_class c
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = (SELECT current_schema()::regnamespace)
    ), roles AS (SELECT rolname, oid, rolsuper, rolcreaterole, rolreplication FROM pg_roles
                 WHERE rolname IN (session_user, current_user))
    SELECT 'is a superuser' FROM roles WHERE rolsuper
    UNION SELECT 'may make roles' FROM roles WHERE rolcreaterole AND NOT rolsuper
    UNION SELECT 'may replicate' FROM roles WHERE rolreplication AND NOT rolsuper
    UNION SELECT 'owns ' || min(relname) || ' and ' || count(*) - 1 || ' tables more'
        FROM tables, roles WHERE pg_has_role(roles.oid, relowner, 'MEMBER') HAVING count(*) > 0
    UNION SELECT 'may ' || privilege || ' ' || relname
        FROM tables, roles, unnest(ARRAY['TRUNCATE', 'TRIGGER']) privilege
        WHERE has_table_privilege(roles.oid, tables.oid, privilege) AND relname = ANY(%(books)s)
    UNION SELECT 'may ' || privilege || ' ' || relname
        FROM tables, roles, unnest(ARRAY['UPDATE', 'DELETE']) privilege
        WHERE relname = ANY(%(books)s) AND (has_table_privilege(roles.oid, tables.oid, privilege)
        OR privilege = 'UPDATE' AND has_any_column_privilege(roles.oid, tables.oid, privilege))
    UNION SELECT 'may create in schema ' || current_schema()
        FROM roles WHERE has_schema_privilege(roles.oid, current_schema(), 'CREATE')
    UNION SELECT 'is a member of ' || mighty.rolname
        FROM roles, pg_roles mighty
        WHERE mighty.rolname = ANY(%(mighty)s) AND pg_has_role(roles.oid, mighty.oid, 'MEMBER') AND NOT roles.rolsuper
    UNION SELECT 'may set session_replication_role' WHERE current_setting('session_replication_role') <> 'origin'
    ORDER BY 1
"""


class NotSuitable(Exception):
    """The role cannot be the application's."""


def faults_of_role() -> list[str]:
    """What the connected role could do to the books beside adding to them; nothing for one that is as it should be."""
    with connection.cursor() as cursor:
        cursor.execute(*faults_query())
        return [fault for (fault,) in cursor.fetchall()]


def faults_query() -> tuple[str, dict[str, list[str]]]:
    """One row for each fault of the role that asks."""
    return _FAULTS, {"books": list(_BOOKS), "mighty": list(_MIGHTY)}


@transaction.atomic
def grant(role: str) -> None:
    """Give `role` what the application needs, and take everything else. Run by the owner of the tables, any time.

    Raises `NotSuitable` for a role that is not there, or that could take more by itself.
    """
    with connection.cursor() as cursor:
        _refuse_unsuitable(role)
        for statement in _statements(role):
            cursor.execute(statement)


def _refuse_unsuitable(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s", [role]
        )
        found = cursor.fetchone()
    if found is None:
        raise NotSuitable(f"There is no role {role}: CREATE ROLE {role} LOGIN PASSWORD '…', then run this again.")
    is_superuser, is_owner = found
    if is_superuser or is_owner:
        raise NotSuitable(f"{role} is a superuser or owns the tables: the application needs a role of its own.")


def _statements(role: str) -> Iterator[str]:
    name = connection.ops.quote_name
    who, database = name(role), name(str(connection.settings_dict["NAME"]))
    schema = name(_schema())
    yield f"REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC, {who}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {who}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {who}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {who}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {who}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {who}"
    for table in _own_tables():
        yield f"REVOKE ALL ON {schema}.{name(table)} FROM PUBLIC, {who}"
        yield f"GRANT {', '.join(privileges_on(table))} ON {schema}.{name(table)} TO {who}"


def privileges_on(table: str) -> tuple[str, ...]:
    if table == _MIGRATIONS:
        return ("SELECT",)
    return ("SELECT", "INSERT", *SEALED.get(table, ("UPDATE", "DELETE")))


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        [schema] = cursor.fetchone() or [""]
    return str(schema)


def _own_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = current_schema()::regnamespace AND pg_has_role(relowner, 'MEMBER')"
        )
        return sorted(table for (table,) in cursor.fetchall())
