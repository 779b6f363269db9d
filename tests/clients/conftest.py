import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from maretech.processes import running
from rendering.samples import sample_set

# A client that waits after 429 would only make the tests slow.
WITHOUT_LIMITS = {f"RATE_LIMIT_{name}": "10000/min" for name in ("DEFAULT", "CREDENTIALS", "POLL")}


@pytest.fixture(scope="session")
def base_url(tmp_path_factory, migrated_database) -> Iterator[str]:
    """A whole server with its workers, on embedded services. All tests of clients share it."""
    var_dir = tmp_path_factory.mktemp("server")
    shutil.copy(migrated_database, var_dir)
    with running(var_dir=var_dir, env={"ENGINE": "stub", **WITHOUT_LIMITS}) as server:
        yield server.base_url


@pytest.fixture(scope="session")
def photos(tmp_path_factory) -> list[Path]:
    """One point of a rendered hull: wide, mid and close."""
    folder = tmp_path_factory.mktemp("photos")
    files = []
    for photo in sample_set(mode="corrosion", seed=7, points=1, severity=0.35):
        files.append(folder / f"{photo.angle}.jpg")
        files[-1].write_bytes(photo.content)
    return files
