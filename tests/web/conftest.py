"""The shared server, and a browser of its own for each test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from maretech.web_app import is_built
from rendering.samples import sample_set
from testing.browser.chromium import browser_of, executable, film
from testing.browser.owner import OwnerAtHull
from testing.plugins.shared_server import SharedServer


def _missing() -> str | None:
    """Return why the web app cannot be tested here; None if it can."""
    if not is_built():
        return "The web app is not built: `make web` fetches Node and npm's packages."
    if executable() is None:
        return "There is no browser: install Debian's chromium, or name one in CHROMIUM."
    return None


@pytest.fixture(scope="session")
def served(request: pytest.FixtureRequest) -> SharedServer:
    missing = _missing()
    if missing and os.environ.get("WEB_TESTS") == "required":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    served: SharedServer = request.getfixturevalue("shared_server")
    return served


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("camera"))


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return photos of a drawn hull: by mode, visit, point and angle."""
    folder = tmp_path_factory.mktemp("photos")

    def photo(angle: str, *, mode: str = "corrosion", visit: int = 0, point: int = 1) -> Path:
        path = folder / f"{mode}-{visit}-{point}-{angle}.jpg"
        if not path.exists():
            severity = 0.3 + 0.2 * visit
            for one in sample_set(mode=mode, seed=4, points=point, severity=severity, visit=visit):
                (folder / f"{mode}-{visit}-{one.point_index}-{one.angle}.jpg").write_bytes(one.content)
        return path

    return photo


@pytest.fixture
def owner(served: SharedServer, camera: Path, tmp_path: Path) -> Iterator[OwnerAtHull]:
    """Return an owner with a phone that has a camera. At the end nothing may have failed on the screen."""
    with browser_of(tmp_path / "profile", camera=camera) as context:
        owner = OwnerAtHull(context, served.base_url)
        yield owner
        assert owner.faults == []
        assert owner.broken == []
