"""Test that the application's role works with the rows of the database, and cannot lift a seal."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings as declared
from django.core.management import CommandError, call_command
from django.db import connection

from maretech import database_role
from testing.database_role import APPLICATION, as_owner, connected_as
from testing.production import SAFE_ENVIRONMENT
from tests.maretech.checks.test_configuration import python

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(declared.USES_SQLITE, reason="SQLite has no roles"),
]


@pytest.fixture
def another_role() -> Iterator[str]:
    """A role that may sign in and has no grants."""
    name = f"another_{secrets.token_hex(6)}"
    with as_owner() as cursor:
        cursor.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'")
        yield name
        cursor.execute(f"DROP OWNED BY {name}")
        cursor.execute(f"DROP ROLE {name}")


def grant(role: str) -> None:
    with as_owner():
        call_command("grant_application_role", role)


def faults_of(role: str) -> list[str]:
    with closing(connected_as(role)) as own, own.cursor() as cursor:
        cursor.execute(*database_role.faults_query(own.info.server_version))
        return [fault for (fault,) in cursor.fetchall()]


def test_every_sealed_name_is_a_table():
    assert set(database_role.SEALED) <= set(connection.introspection.table_names())


def test_the_tests_run_as_the_application():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APPLICATION,)


def test_the_application_cannot_change_the_books(another_role):
    grant(another_role)
    assert faults_of(another_role) == []


def test_granting_again_revokes_rights_given_by_hand(another_role):
    grant(another_role)
    with as_owner() as cursor:
        cursor.execute(f"GRANT UPDATE (amount), TRUNCATE ON billing_ledgerentry TO {another_role}")
        assert faults_of(another_role) == ["may TRUNCATE billing_ledgerentry", "may UPDATE billing_ledgerentry"]
    grant(another_role)
    assert faults_of(another_role) == []


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("GRANT UPDATE ON billing_ledgerentry TO {0}", "may UPDATE billing_ledgerentry"),
        ("GRANT DELETE ON billing_ledgertransaction TO {0}", "may DELETE billing_ledgertransaction"),
        ("GRANT TRIGGER ON billing_ledgertransaction TO {0}", "may TRIGGER billing_ledgertransaction"),
        ("GRANT CREATE ON SCHEMA public TO {0}", "may create in schema public"),
        ("ALTER ROLE {0} CREATEROLE", "may make roles"),
        ("ALTER ROLE {0} SUPERUSER", "is a superuser"),
        ("GRANT pg_write_server_files TO {0}", "is a member of pg_write_server_files"),
    ],
)
def test_each_excess_right_is_named(another_role, given, fault):
    grant(another_role)
    with as_owner() as cursor:
        cursor.execute(given.format(another_role))
        found = faults_of(another_role)
        cursor.execute(f"ALTER ROLE {another_role} NOSUPERUSER NOCREATEROLE")
        cursor.execute(f"REVOKE pg_write_server_files FROM {another_role}")
    assert fault in found


def test_a_role_that_owns_a_table_is_named(another_role):
    grant(another_role)
    with as_owner() as cursor:
        cursor.execute("CREATE TABLE owned_by_another (id int)")
        cursor.execute(f"ALTER TABLE owned_by_another OWNER TO {another_role}")
        found = faults_of(another_role)
        cursor.execute("DROP TABLE owned_by_another")
    assert "owns owned_by_another and 0 things more" in found


@pytest.mark.parametrize(
    ("thing", "fault"),
    [
        ("FUNCTION refuse_late_entry()", "owns function refuse_late_entry and 0 things more"),
        ("SCHEMA {schema}", "owns schema {schema} and 0 things more"),
    ],
)
def test_a_role_that_owns_a_part_of_a_seal_is_named(another_role, thing, fault):
    grant(another_role)
    with as_owner() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        schema, owner = cursor.fetchone()
        cursor.execute(f"ALTER {thing.format(schema=schema)} OWNER TO {another_role}")
        found = faults_of(another_role)
        cursor.execute(f"ALTER {thing.format(schema=schema)} OWNER TO {owner}")
    assert fault.format(schema=schema) in found


@pytest.mark.parametrize("setting", ["session_replication_role", "synchronous_commit"])
def test_a_right_to_a_setting_is_named_and_revoked(another_role, setting):
    grant(another_role)
    with as_owner() as cursor:
        cursor.execute(f"GRANT SET ON PARAMETER {setting} TO {another_role}")
    assert faults_of(another_role) == [f"may set {setting}"]
    grant(another_role)
    assert faults_of(another_role) == []


@pytest.mark.parametrize("table", sorted(database_role.SEALED))
def test_an_excess_right_on_any_sealed_table_is_named(another_role, table):
    grant(another_role)
    with as_owner() as cursor:
        cursor.execute(f"GRANT ALL ON {table} TO {another_role}")
    expected = {"UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"} - set(database_role.privileges_on(table))
    assert faults_of(another_role) == sorted(f"may {privilege} {table}" for privilege in expected)


def test_rights_of_a_role_that_can_be_assumed_count(another_role):
    """Even if the right is not inherited and needs a SET ROLE."""
    grant(another_role)
    with as_owner() as cursor:
        cursor.execute(f"CREATE ROLE {another_role}_more NOLOGIN")
        cursor.execute(f"GRANT TRIGGER ON billing_ledgerentry TO {another_role}_more")
        cursor.execute(f"ALTER ROLE {another_role} NOINHERIT")
        cursor.execute(f"GRANT {another_role}_more TO {another_role}")
        found = faults_of(another_role)
        cursor.execute(f"DROP OWNED BY {another_role}_more")
        cursor.execute(f"DROP ROLE {another_role}_more")
    assert found == ["may TRIGGER billing_ledgerentry"]


def test_a_superuser_and_a_missing_role_are_refused(another_role):
    with as_owner() as cursor:
        cursor.execute("SELECT session_user")
        [owner] = cursor.fetchone()
    for role in (owner, "nobody_by_that_name"):
        with pytest.raises(CommandError, match=role):
            grant(role)


def start(role: str, *process: str, var_dir: Path, **changed: str) -> "subprocess.CompletedProcess[str]":
    settings = connection.settings_dict
    url = f"postgres://{role}:{role}@{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"
    return python(*process, var_dir=var_dir, **{**SAFE_ENVIRONMENT, "DATABASE_URL": url, **changed})


@pytest.mark.parametrize(
    "process",
    [["-c", "import maretech.wsgi"], ["manage.py", "apply_retention"]],
    ids=["web", "command"],
)
def test_production_does_not_start_with_a_role_that_can_change_the_books(another_role, tmp_path, process):
    grant(another_role)
    with as_owner() as cursor:
        cursor.execute(f"GRANT DELETE ON billing_ledgerentry TO {another_role}")
    refused = start(another_role, *process, var_dir=tmp_path)
    assert refused.returncode != 0
    assert "maretech.E070: The role of DATABASE_URL may DELETE billing_ledgerentry" in refused.stderr


def test_production_starts_with_the_application_role(another_role, tmp_path):
    grant(another_role)
    served = start(another_role, "manage.py", "print_ledger", "nobody@example.org", var_dir=tmp_path)
    assert "maretech.E" not in served.stderr
    assert "No owner has this address" in served.stderr


def test_the_owner_of_the_tables_can_migrate_and_grant(another_role, tmp_path):
    settings = connection.settings_dict
    user = f"{settings['USER']}:{settings['PASSWORD']}" if settings["PASSWORD"] else settings["USER"]
    url = f"postgres://{user}@{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"
    for command in (("migrate",), ("grant_application_role", another_role)):
        done = start("", "manage.py", *command, var_dir=tmp_path, DATABASE_URL=url, DATABASE_STATEMENT_SECONDS="0")
        assert done.returncode == 0, done.stderr
    assert faults_of(another_role) == []


def test_every_table_is_granted_with_exactly_its_rights(another_role):
    grant(another_role)
    with closing(connected_as(another_role)) as own:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            expected = database_role.privileges_on(table)
            for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"):
                [(has,)] = own.execute("SELECT has_table_privilege(%s, %s)", [table, privilege]).fetchall()
                assert has is (privilege in expected), (table, privilege)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE billing_ledgerentry DISABLE TRIGGER ALL",
        "ALTER TABLE billing_ledgerentry DISABLE TRIGGER a_transaction_is_sealed",
        "DROP TRIGGER a_transaction_is_sealed ON billing_ledgerentry",
        "DROP FUNCTION refuse_late_entry CASCADE",
        "CREATE OR REPLACE FUNCTION refuse_late_entry() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE RULE r AS ON INSERT TO billing_ledgerentry DO INSTEAD NOTHING",
        "SET session_replication_role = replica",
        "TRUNCATE billing_ledgerentry",
        "DROP TABLE billing_ledgerentry CASCADE",
        "UPDATE billing_ledgerentry SET amount = 1",
        "UPDATE django_migrations SET name = name",
        "CREATE TEMPORARY TABLE billing_ledgertransaction (id uuid)",
        "CREATE TABLE anything (id int)",
        "SET ROLE postgres",
    ],
)
def test_the_application_cannot_lift_a_seal(another_role, statement):
    grant(another_role)
    with closing(connected_as(another_role)) as own, pytest.raises(psycopg.errors.InsufficientPrivilege):
        own.execute(statement)
