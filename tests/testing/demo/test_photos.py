"""Test which pictures the demo uses."""

import pytest

from testing.demo import photos


def folder_of(tmp_path, *files):
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(file.encode())
    return tmp_path


def test_pictures_are_assigned_by_name_three_per_point(tmp_path):
    folder = folder_of(tmp_path, *(f"{name}.JPG" for name in "gfedcba"), "notes.txt")
    walk = photos.from_folder(folder, mode="corrosion", points=5)
    assert walk == {
        1: {"wide": b"a.JPG", "mid": b"b.JPG", "close": b"c.JPG"},
        2: {"wide": b"d.JPG", "mid": b"e.JPG", "close": b"f.JPG"},
    }


def test_a_folder_of_the_mode_is_used_if_it_exists(tmp_path):
    folder = folder_of(
        tmp_path, *(f"corrosion/{name}.png" for name in "abc"), *(f"osmosis/{name}.png" for name in "def")
    )
    assert photos.from_folder(folder, mode="osmosis", points=1)[1]["wide"] == b"osmosis/d.png"


def test_a_mode_without_pictures_uses_rendered_samples(tmp_path):
    folder = folder_of(tmp_path, *(f"corrosion/{name}.png" for name in "abc"))
    assert photos.from_folder(folder, mode="corrosion", points=1)[1]["mid"] == b"corrosion/b.png"
    assert photos.from_folder(folder, mode="osmosis", points=1) == photos.rendered(
        mode="osmosis", points=1, severity=photos.SEVERITY
    )


def test_too_few_pictures_are_refused_with_a_message(tmp_path):
    with pytest.raises(photos.NotEnoughPhotos, match="holds 2 pictures; a point needs 3"):
        photos.from_folder(folder_of(tmp_path, "a.png", "b.png"), mode="corrosion", points=1)
