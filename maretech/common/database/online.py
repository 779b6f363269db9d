"""Schema changes that do not disturb the release that is still running."""

from typing import Any, Literal

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    NotInTransactionMixin,
    ValidateConstraint,
)
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import UniqueConstraint


class AddIndexOnline(AddIndexConcurrently):
    """Builds an index without blocking writers; its migration is `atomic = False`. On SQLite, builds an ordinary one.

    An interrupted build leaves an invalid index behind: drop it, then migrate again.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        kind = AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
        kind.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        kind = AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
        kind.database_backwards(self, app_label, schema_editor, from_state, to_state)


class AddUniqueOnline(NotInTransactionMixin, AddConstraint):
    """Builds a unique constraint with a condition (in Postgres an index) without blocking writers.

    Its migration is `atomic = False`; for an interrupted build, see `AddIndexOnline`. On SQLite, builds an ordinary
    one.
    """

    constraint: UniqueConstraint

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            self._ensure_not_in_transaction(schema_editor)
            statement = str(self.constraint.create_sql(model, schema_editor))
            schema_editor.execute(statement.replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY", 1), None)


class AddCheckOnline(AddConstraintNotValid):
    """Adds a check for what is written from now on, without reading the table. On SQLite, adds an ordinary one.

    A later migration reads the table with `ValidateCheckOnline`: in the same transaction that would block writers.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        kind = AddConstraintNotValid if schema_editor.connection.vendor == "postgresql" else AddConstraint
        kind.database_forwards(self, app_label, schema_editor, from_state, to_state)


class ValidateCheckOnline(ValidateConstraint):
    """Checks the rows from before `AddCheckOnline` without blocking writers. On SQLite, does nothing."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class FollowDeletionInDatabase(Operation):
    """Lets the database itself delete or empty the rows of a new table whose referenced row is deleted.

    Django does that in the process that deletes. A process of the release before does not know the new table: its
    DELETE would break the foreign key. The rule is a second foreign key beside Django's, because adding one does not
    block readers of the referenced table, and replacing one does. The release after this one may drop it. On SQLite,
    does nothing: no release runs beside another there.
    """

    reversible = True

    def __init__(self, *, model_name: str, name: str, rule: Literal["CASCADE", "SET NULL"]) -> None:
        self.model_name, self.name, self.rule = model_name, name, rule

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models do not show it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if self._applies(app_label, schema_editor, to_state):
            field, table, constraint = self._names(app_label, to_state)
            target = field.target_field
            schema_editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {constraint} "
                f"FOREIGN KEY ({_quoted(field.column)}) "
                f"REFERENCES {_quoted(target.model._meta.db_table)} ({_quoted(target.column)}) "
                f"ON DELETE {self.rule} DEFERRABLE INITIALLY DEFERRED"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if self._applies(app_label, schema_editor, from_state):
            _, table, constraint = self._names(app_label, from_state)
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")

    def describe(self) -> str:
        return f"Follow deletions of the {self.name} of {self.model_name} in the database"

    def _applies(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState) -> bool:
        model = state.apps.get_model(app_label, self.model_name)
        is_postgres = schema_editor.connection.vendor == "postgresql"
        return is_postgres and self.allow_migrate_model(schema_editor.connection.alias, model)

    def _names(self, app_label: str, state: ProjectState) -> tuple[Any, str, str]:
        """Return the field, and the names of its table and of the second foreign key."""
        model = state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        table = model._meta.db_table
        return field, _quoted(table), _quoted(f"{table}_{self.name}_follows_deletion")


def _quoted(name: str) -> str:
    return f'"{name}"'
