"""Test how generated clients are compared with the schema and replaced."""

from pathlib import Path

import pytest

from ops import generate_clients
from ops.generate_clients import Client


@pytest.fixture
def client(tmp_path: Path, monkeypatch) -> Client:
    """A client of two generated files, beside one that is written by hand."""

    def generate(folder: Path) -> None:
        (folder / "models").mkdir(parents=True)
        (folder / "models" / "order.py").write_text("class Order: ...\n")
        (folder / "types.py").write_text("UNSET = None\n")

    made = Client(folder=tmp_path / "client", generated=("models", "types.py"), generate=generate)
    generate(made.folder)
    (made.folder / "capture.py").write_text("# by hand\n")
    monkeypatch.setattr(generate_clients, "CLIENTS", {"python": made})
    return made


def run(monkeypatch, *options: str) -> int:
    monkeypatch.setattr("sys.argv", ["generate_clients", *options])
    return generate_clients.main()


def test_a_client_that_the_schema_generates_passes(client: Client, monkeypatch):
    assert run(monkeypatch, "--check") == 0


@pytest.mark.parametrize("damaged", ["models/order.py", "models/gone.py", "types.py"])
def test_a_client_that_differs_fails_until_it_is_generated_again(damaged: str, client: Client, monkeypatch, capsys):
    (client.folder / damaged).write_text("something else\n")
    assert run(monkeypatch, "--check") == 1
    assert "clients/python: not what docs/openapi.yaml generates. Run: make clients" in capsys.readouterr().err
    assert run(monkeypatch) == 0
    assert run(monkeypatch, "--check") == 0
    assert (client.folder / "capture.py").read_text() == "# by hand\n"
    assert not (client.folder / "models" / "gone.py").exists()


def test_a_missing_file_is_a_difference(client: Client, monkeypatch):
    (client.folder / "types.py").unlink()
    assert run(monkeypatch, "--check") == 1
