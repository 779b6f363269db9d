"""Test that the development override of docker-compose.yml mounts all served code into every process of ours."""

from pathlib import Path, PurePosixPath

import pytest
import yaml

from tests.maretech.test_image import BUILT_FROM, in_the_image

pytestmark = pytest.mark.anywhere
ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OVERRIDE = yaml.safe_load((ROOT / "docker-compose.dev.yml").read_text())["services"]
WORKDIR = PurePosixPath("/srv/maretech")


def test_the_override_covers_exactly_the_services_with_our_image():
    assert set(OVERRIDE) == {name for name, service in SERVICES.items() if service["image"] == "maretech:local"}


@pytest.mark.parametrize("name", OVERRIDE)
def test_every_service_mounts_all_code_of_the_image(name):
    mounts = [mount.split(":") for mount in OVERRIDE[name]["volumes"]]
    for source, target, mode in mounts:
        assert (ROOT / source).exists()
        assert PurePosixPath(target) == WORKDIR / source
        assert mode == "ro"
    assert {source.removeprefix("./") for source, *_ in mounts} == in_the_image() - BUILT_FROM - {"requirements.txt"}


@pytest.mark.parametrize("name", sorted(set(OVERRIDE) - {"bucket", "migrate"}))
def test_every_process_restarts_when_its_code_changes(name):
    mounted = {mount.split(":")[0] for mount in OVERRIDE[name]["volumes"]}
    watched = {watch["path"] for watch in OVERRIDE[name]["develop"]["watch"]}
    assert watched == mounted - {"./docker", "./manage.py"}


def test_the_code_is_mounted_at_the_workdir_of_the_image():
    assert f"WORKDIR {WORKDIR}\n" in (ROOT / "Dockerfile").read_text()
