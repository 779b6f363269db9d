"""The application's rights in its Postgres database: to read and write rows, and never to remove a protection.

One role owns the tables and migrates. The serving processes use another role, which reads and writes rows. It cannot
change or empty the append-only tables (the books, histories, results), even where a trigger is missing.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from django.db import connection, transaction

_BOOKS: Final = ("billing_ledgerentry", "billing_ledgertransaction")
# Rights beside SELECT and INSERT. Every table that is not named here may be changed row by row.
SEALED: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_BOOKS, ()),
    "billing_orderevent": (),
    "billing_subscriptionevent": (),
    "billing_disputestep": ("UPDATE (note)",),  # erasure removes the person's address
    "billing_product": ("UPDATE (id)",),  # only what `SELECT … FOR UPDATE` needs: a trigger refuses the change
    "accounts_staffaction": ("UPDATE (reason, detail)",),  # an outcome is added, an address removed
    "inspections_result": ("DELETE",),
    "inspections_shadowresult": ("DELETE",),
}
_MIGRATIONS: Final = "django_migrations"
_ON_ROWS: Final = ("INSERT", "UPDATE", "DELETE")
_ALL: Final = "*"
# Membership in any of these gives access to the whole server.
_SERVER_ROLES: Final = ("pg_execute_server_program", "pg_write_server_files", "pg_read_server_files")

# One row for each right that the role, or a role it may become, has beyond `privileges_on`. `reachable` follows
# memberships whether they are inherited or need a SET ROLE. Superusers are members of every role, so for them the query
# reports only that.
_FAULTS: Final = """
    WITH reachable AS (
        SELECT every.* FROM pg_roles every WHERE EXISTS (
            SELECT FROM pg_roles own WHERE own.rolname IN (session_user, current_user)
            AND (own.oid = every.oid OR NOT own.rolsuper AND pg_has_role(own.oid, every.oid, 'MEMBER')))
    ), ours AS (
        SELECT oid, rolname FROM reachable WHERE NOT rolsuper
    ), schema AS (
        SELECT oid, nspname, nspowner FROM pg_namespace WHERE nspname = current_schema()
    ), tables AS (
        SELECT c.oid, c.relname FROM pg_class c, schema WHERE c.relkind IN ('r', 'p') AND c.relnamespace = schema.oid
    ), granted AS (
        SELECT * FROM unnest(%(tables)s::text[], %(privileges)s::text[], %(columns)s::text[])
            AS granted (relname, privilege, columns)
    ), checked AS (
        SELECT tables.oid, tables.relname, kinds.privilege,
            CASE WHEN tables.relname = ANY(%(tables)s) THEN granted.columns
                 WHEN kinds.privilege = ANY(%(on_rows)s) THEN '*' END AS columns
        FROM tables
        CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) AS kinds (privilege)
        LEFT JOIN granted ON granted.relname = tables.relname AND granted.privilege = kinds.privilege
    ), owned AS (
        SELECT relowner AS owner, 'owns ' || relname AS fault FROM pg_class
            WHERE relnamespace IN (SELECT oid FROM schema) AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        UNION ALL SELECT proowner, 'owns function ' || proname FROM pg_proc
            WHERE pronamespace IN (SELECT oid FROM schema)
        UNION ALL SELECT nspowner, 'owns schema ' || nspname FROM schema
        UNION ALL SELECT datdba, 'owns database ' || datname FROM pg_database WHERE datname = current_database()
    )
    SELECT 'is a superuser' FROM reachable WHERE rolsuper
    UNION SELECT 'may make roles' FROM reachable WHERE rolcreaterole AND NOT rolsuper
    UNION SELECT 'may replicate' FROM reachable WHERE rolreplication AND NOT rolsuper
    UNION SELECT 'is a member of ' || rolname FROM ours WHERE rolname = ANY(%(server_roles)s)
    UNION SELECT min(fault) || ' and ' || count(*) - 1 || ' things more'
        FROM owned JOIN ours ON ours.oid = owned.owner HAVING count(*) > 0
    UNION SELECT 'may create in schema ' || nspname
        FROM ours, schema WHERE has_schema_privilege(ours.oid, schema.oid, 'CREATE')
    UNION SELECT 'may ' || word || ' in the database'
        FROM ours, (VALUES ('TEMP', 'make temporary tables'), ('CREATE', 'create schemas')) AS rights (name, word)
        WHERE has_database_privilege(ours.oid, current_database(), rights.name)
    UNION SELECT 'may ' || privilege || ' ' || relname FROM checked, ours
        WHERE columns IS DISTINCT FROM '*' AND (has_table_privilege(ours.oid, checked.oid, privilege)
        OR privilege IN ('INSERT', 'UPDATE', 'REFERENCES') AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = checked.oid AND attnum > 0 AND NOT attisdropped
            AND has_column_privilege(ours.oid, checked.oid, attnum, privilege)
            AND NOT attname = ANY(string_to_array(coalesce(columns, ''), ','))))
    UNION SELECT 'may set session_replication_role' WHERE current_setting('session_replication_role') <> 'origin'
"""
# Rights to settings came with Postgres 15: no role has any of these by default.
_FAULTS_OF_SETTINGS: Final = """
    UNION SELECT 'may set ' || parname FROM pg_parameter_acl, aclexplode(paracl) AS right_to
        WHERE right_to.grantee = 0 OR right_to.grantee IN (SELECT oid FROM ours)
"""
_SETTINGS_HAVE_RIGHTS_FROM: Final = 150_000


class NotSuitable(Exception):
    """The role is not suitable for the application."""


def faults_of_role() -> list[str]:
    """Return what the connected role could do beyond working with rows; empty for a correct role."""
    with connection.cursor() as cursor:
        cursor.execute(*faults_query(connection.pg_version))  # type: ignore[attr-defined]  # Postgres alone has roles
        return [fault for (fault,) in cursor.fetchall()]


def faults_query(pg_version: int) -> tuple[str, dict[str, list[str]]]:
    """Return the query that gives one row for each fault of the role that runs it."""
    query = _FAULTS + (_FAULTS_OF_SETTINGS if pg_version >= _SETTINGS_HAVE_RIGHTS_FROM else "") + "ORDER BY 1"
    granted = [(table, *_parted(privilege)) for table in (*SEALED, _MIGRATIONS) for privilege in privileges_on(table)]
    tables, privileges, columns = (list(each) for each in zip(*granted, strict=True))
    return query, {
        "tables": tables,
        "privileges": privileges,
        "columns": columns,
        "on_rows": list(_ON_ROWS),
        "server_roles": list(_SERVER_ROLES),
    }


def _parted(privilege: str) -> tuple[str, str]:
    """Split a privilege from its columns: "UPDATE (reason, detail)" is ("UPDATE", "reason,detail")."""
    name, _, columns = privilege.partition(" (")
    return name, columns.rstrip(")").replace(" ", "") or _ALL


@transaction.atomic
def grant(role: str) -> None:
    """Grant `role` what the application needs, and revoke the rest. The owner of the tables may run it any time.

    Raises `NotSuitable` for a role that does not exist, or that could grant itself more.
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
        raise NotSuitable(f"{role} is a superuser or owns the tables: the application needs another role.")


def _statements(role: str) -> Iterator[str]:
    name = connection.ops.quote_name
    who, database = name(role), name(str(connection.settings_dict["NAME"]))
    schema = name(_schema())
    for setting in _settings_granted_to(role):
        yield f"REVOKE ALL ON PARAMETER {name(setting)} FROM {who}"
    yield f"REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC, {who}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {who}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {who}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {who}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {who}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {who}"
    for table in _own_tables():
        yield f"REVOKE ALL ON {schema}.{name(table)} FROM PUBLIC, {who}"
        yield f"GRANT {', '.join(privileges_on(table))} ON {schema}.{name(table)} TO {who}"


def _settings_granted_to(role: str) -> list[str]:
    if connection.pg_version < _SETTINGS_HAVE_RIGHTS_FROM:  # type: ignore[attr-defined]
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT parname FROM pg_parameter_acl, aclexplode(paracl) AS right_to"
            " WHERE right_to.grantee = %s::regrole",
            [connection.ops.quote_name(role)],
        )
        return [str(setting) for (setting,) in cursor.fetchall()]


def privileges_on(table: str) -> tuple[str, ...]:
    if table == _MIGRATIONS:
        return ("SELECT",)
    return ("SELECT", "INSERT", *SEALED.get(table, _ON_ROWS[1:]))


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
