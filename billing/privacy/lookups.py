"""A lookup that Django lacks: whether a binary field contains a byte sequence."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BinaryField, Lookup
from django.db.models.sql.compiler import SQLCompiler


@BinaryField.register_lookup
class Holds(Lookup[bytes]):
    lookup_name = "holds"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return self._asked("POSITION({part} IN {whole}) > 0", compiler, connection, part_first=True)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return self._asked("INSTR({whole}, {part}) > 0", compiler, connection, part_first=False)

    def _asked(
        self, template: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *, part_first: bool
    ) -> tuple[str, tuple[Any, ...]]:
        whole, whole_params = self.process_lhs(compiler, connection)
        part, part_params = self.process_rhs(compiler, connection)
        first, second = (part_params, whole_params) if part_first else (whole_params, part_params)
        return template.format(whole=whole, part=part), (*first, *second)
