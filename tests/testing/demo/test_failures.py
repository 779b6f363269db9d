"""Test that a step that goes wrong ends the demo with its error, and so with a non-zero exit."""

from contextlib import nullcontext
from subprocess import CalledProcessError
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from maretech.management.commands import demo
from testing.demo.owner import WalkthroughFailed
from testing.demo.photos import NotEnoughPhotos
from testing.demo.staff_password import UnexpectedPage

ERRORS = {
    "contract": WalkthroughFailed("the timeline compares a point across the repaint"),
    "photos": NotEnoughPhotos("the folder is empty"),
    "page": UnexpectedPage("no form"),
    "patience": TimeoutError("took longer than 100 s"),
    "network": ConnectionRefusedError("refused"),
    "server": RuntimeError("the server did not get ready"),
    "command": CalledProcessError(1, ["manage.py", "shell"]),
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_an_error_of_a_step_is_the_error_of_the_command(error, settings, tmp_path, monkeypatch):
    def fail(*_):
        raise error

    settings.VAR_DIR = tmp_path
    server = SimpleNamespace(base_url="http://127.0.0.1:1", var_dir=tmp_path, log=tmp_path / "serve.log")
    monkeypatch.setattr(demo, "running", lambda **_: nullcontext(server))
    monkeypatch.setattr(demo, "play", fail)
    with pytest.raises(CommandError) as raised:
        call_command("demo")
    assert str(raised.value) == str(error)
