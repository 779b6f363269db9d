"""Test that a manifest is read literally, or refused in plain words."""

import pytest

from evaluation.manifest import BadManifest, read_manifest

HEADER = "file,mode,label,mask,kind,source,licence,note,sha256"


def manifest(tmp_path, *lines):
    path = tmp_path / "manifest.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_rows_of_one_mode_keep_the_order_of_the_file(tmp_path):
    path = manifest(
        tmp_path,
        HEADER,
        "b/1.jpg,corrosion,yes,b/1.png,real,here,CC0,some words,ABCD",
        "o/2.jpg,osmosis,no,,real (crop),there,CC0,blister_count=0,",
        "a/3.heic,corrosion,No,,,,,,",
    )
    first, last = read_manifest(path, mode="corrosion")
    assert (first.file, first.path, first.mask_path) == ("b/1.jpg", tmp_path / "b/1.jpg", tmp_path / "b/1.png")
    assert (first.shows_signal, first.kind, first.source, first.sha256) == (True, "real", "here", "abcd")
    assert (last.file, last.shows_signal, last.mask_path, last.true_count) == ("a/3.heic", False, None, None)
    assert read_manifest(path, mode="osmosis")[0].true_count == 0


def test_labels_alone_are_enough(tmp_path):
    (row,) = read_manifest(manifest(tmp_path, "label,file,mode", "yes,x.png,osmosis"), mode="osmosis")
    assert (row.shows_signal, row.source_image, row.kind) == (True, "x.png", "")


def test_short_lines_and_a_byte_order_mark_are_accepted(tmp_path):
    path = manifest(tmp_path, "\ufeff" + HEADER, "x.jpg,corrosion,yes")
    assert read_manifest(path, mode="corrosion")[0].mask_file == ""


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("file,label", "x.jpg,yes"), "lacks the column mode"),
        (("file,mode,label", "x.jpg,corrosion,maybe"), r"photo 1 \(x.jpg\): label is 'maybe', not yes or no"),
        (("file,mode,label", "x.jpg,corrosion,"), "label is ''"),
        (("file,mode,label", "x.jpg,rigging,yes"), "mode is 'rigging'"),
        (("file,mode,label", ",corrosion,yes"), "file is empty"),
        (("file,mode,label", "x.jpg,osmosis,yes"), "no photo of mode corrosion"),
        (("file,mode,label", '"x.jpg,corrosion,yes'), "cannot be read as a CSV file"),
        ((), "lacks the column file, mode, label"),
    ],
    ids=["no column", "bad label", "no label", "bad mode", "no file", "other mode", "bad quotes", "empty"],
)
def test_bad_manifest_is_refused_with_a_message(tmp_path, lines, message):
    with pytest.raises(BadManifest, match=message):
        read_manifest(manifest(tmp_path, *lines), mode="corrosion")


def test_missing_manifest_is_refused_with_a_message(tmp_path):
    with pytest.raises(BadManifest, match=r"nowhere\.csv cannot be read"):
        read_manifest(tmp_path / "nowhere.csv", mode="corrosion")


def test_split_is_read_from_its_column(tmp_path):
    path = manifest(tmp_path, "file,mode,label,split", "x.jpg,corrosion,yes,train", "y.jpg,corrosion,no,validation")
    assert [row.file for row in read_manifest(path, mode="corrosion", split="validation")] == ["y.jpg"]
    assert len(read_manifest(path, mode="corrosion")) == 2
    with pytest.raises(BadManifest, match="no photo of mode corrosion and split calibration"):
        read_manifest(path, mode="corrosion", split="calibration")


def test_split_without_a_column_is_refused(tmp_path):
    with pytest.raises(BadManifest, match="no column split"):
        read_manifest(manifest(tmp_path, "file,mode,label", "x.jpg,corrosion,yes"), mode="corrosion", split="train")


def test_crops_belong_to_the_picture_they_were_cut_from(tmp_path):
    path = manifest(
        tmp_path,
        "file,mode,label,note,source_image",
        "c/ccsc_train_283.jpg,corrosion,yes,,",
        'c/neg_ccsc_train_9.jpg,corrosion,no,"crop of image 283 at y=1,x=2,size=9 with nothing",',
        "c/tex_Wood_3.jpg,corrosion,no,,",
        "c/tex_Wood_4.jpg,corrosion,no,,tile_Wood_3",
    )
    groups = [row.source_image for row in read_manifest(path, mode="corrosion")]
    assert groups == ["ccsc_283", "ccsc_283", "c/tex_Wood_3.jpg", "tile_Wood_3"]
