from pathlib import Path

import pytest

from rendering.samples import sample_set
from testing.plugins.shared_server import SharedServer


@pytest.fixture(scope="session")
def base_url(shared_server: SharedServer) -> str:
    return shared_server.base_url


@pytest.fixture(scope="session")
def photos(tmp_path_factory) -> list[Path]:
    """One point of a rendered hull: wide, mid and close."""
    folder = tmp_path_factory.mktemp("photos")
    files = []
    for photo in sample_set(mode="corrosion", seed=7, points=1, severity=0.35):
        files.append(folder / f"{photo.angle}.jpg")
        files[-1].write_bytes(photo.content)
    return files
