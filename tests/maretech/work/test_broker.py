"""Test the broker of a machine without services."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from maretech.common.work.broker import Channel


@pytest.fixture
def channel(tmp_path) -> Channel:
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path)}
    with Connection("filesystem://", transport_options=folders) as connection:
        yield connection.channel()


def test_the_filesystem_transport_is_our_own(channel):
    assert isinstance(channel, Channel)


def test_a_message_is_received_once(channel):
    channel._put("analyses", {"id": 1})
    channel._put("checks", {"id": 2})
    assert channel._size("analyses") == 1
    assert channel._get("analyses") == {"id": 1}
    with pytest.raises(Empty):
        channel._get("analyses")
    assert channel._get("checks") == {"id": 2}


def test_a_half_written_message_is_not_received(channel, monkeypatch):
    write, seen = Path.write_text, []

    def looked_at_in_between(path, text):
        write(path, text[:3])
        with pytest.raises(Empty):
            channel._get("analyses")
        seen.append(path)
        return write(path, text)

    monkeypatch.setattr(Path, "write_text", looked_at_in_between)
    channel._put("analyses", {"id": 1})
    assert seen
    assert channel._get("analyses") == {"id": 1}
