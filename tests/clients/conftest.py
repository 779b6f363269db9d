import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from maretech.processes import running
from rendering.samples import sample_set


@pytest.fixture(scope="module")
def base_url(tmp_path_factory, migrated_database) -> Iterator[str]:
    """A whole server with its workers, on embedded services."""
    var_dir = tmp_path_factory.mktemp("server")
    shutil.copy(migrated_database, var_dir)
    with running(var_dir=var_dir, env={"ENGINE": "stub"}) as server:
        yield server.base_url


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> list[Path]:
    """One point of a rendered hull: wide, mid and close."""
    folder = tmp_path_factory.mktemp("photos")
    files = []
    for photo in sample_set(mode="corrosion", seed=7, points=1, severity=0.35):
        files.append(folder / f"{photo.angle}.jpg")
        files[-1].write_bytes(photo.content)
    return files
