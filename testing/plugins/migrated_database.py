"""One migrated SQLite database for the whole run, which tests copy: migrating takes seconds, copying milliseconds."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

from maretech.processes import manage

FILE: Final = "maretech.sqlite3"


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the migrated database, made by the first process of the run that needs it. Never write to it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    made = folder / "migrated"
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            unfinished = folder / "migrating"
            unfinished.mkdir()
            manage("migrate", "-v0", var_dir=unfinished)
            unfinished.rename(made)
    return made / FILE


@pytest.fixture
def migrated_var_dir(tmp_path: Path, migrated_database: Path) -> Path:
    """Return a directory for the data of a server of its own, with a migrated database."""
    shutil.copyfile(migrated_database, tmp_path / FILE)
    return tmp_path


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None,  # names the database of this process first
    request: pytest.FixtureRequest,
) -> None:
    """Start from a copy of the migrated database, on SQLite."""
    if settings.USES_SQLITE:
        name = settings.DATABASES["default"]["TEST"]["NAME"]
        for leftover in (name, f"{name}-wal", f"{name}-shm"):
            Path(leftover).unlink(missing_ok=True)
        shutil.copyfile(request.getfixturevalue("migrated_database"), name)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:  # noqa: FBT001 - pytest passes fixtures by name
    """Let Django use the copy. Its folder is temporary."""
    return django_db_keepdb or settings.USES_SQLITE
