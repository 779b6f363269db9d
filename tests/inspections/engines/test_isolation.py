"""Test that a mode's engine never reads the other mode's weights: its answers do not change without them.

The test removes the weights rather than watch for reads, because a runtime in C++ opens files that no audit hook sees.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import inspections
from tests.inspections.engines.drawn_points import gelcoat_point, plate_point
from tests.inspections.engines.registered_engines import SEEING, engine, point_of

OTHER = {"corrosion": "osmosis", "osmosis": "corrosion"}
PACKAGE = Path(inspections.__file__).parent
# All that the engines import beside their own room.
WORDS = (
    "inspections/media_types.py",
    "inspections/vocabulary.py",
    "maretech/__init__.py",
    "maretech/common/__init__.py",
    "maretech/common/vocabulary.py",
    "vessels/__init__.py",
    "vessels/vocabulary.py",
)
EXAMINE = """
import json, sys
from pathlib import Path

opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from inspections.engines.findings import Photo, Point
from inspections.engines.registry import engine_for

mode, name, *paths = sys.argv[1:]
angles = ("close", "mid")
photos = (Photo(asset_id=a, angle=a, content=Path(p).read_bytes()) for a, p in zip(angles, paths))
engine = engine_for(mode=mode, name=name)
finding = engine.examine(Point(point_index=1, photos=tuple(photos)), context={})
answer = [engine.model_version, finding.signal_detected, finding.confidence, finding.extent.value]
print(json.dumps({"answer": answer, "opened": opened}))
"""


def is_source(path: str) -> bool:
    return Path(path).suffix in (".py", ".pyc")


@pytest.fixture
def point(request):
    drawn = plate_point(seed=4, rust=0.1) if request.param == "corrosion" else gelcoat_point(seed=2, blisters=40)
    return point_of(*(photo.content for photo in drawn.photos))


@pytest.mark.parametrize(("mode", "name", "point"), [(*one, one[0]) for one in SEEING], indirect=["point"])
def test_a_mode_gives_the_same_answer_without_the_weights_of_the_other(mode, name, point, tmp_path):
    output = examined_without_the_other(mode, name, point, tmp_path)
    built = engine(mode, name)
    finding = built.examine(point, context={})
    expected = [built.model_version, finding.signal_detected, finding.confidence, finding.extent.value]
    assert output["answer"][:3] == expected[:3]
    assert output["answer"][3] == pytest.approx(expected[3], rel=1e-3)


@pytest.mark.parametrize(("mode", "name", "point"), [(*one, one[0]) for one in SEEING], indirect=["point"])
def test_a_mode_opens_only_source_files_of_the_other(mode, name, point, tmp_path):
    foreign = f"/engines/{OTHER[mode]}/"
    opened = examined(mode, name, point, tmp_path, root=PACKAGE.parent)["opened"]
    assert any("/engines/" in path for path in opened)
    assert [path for path in opened if foreign in path and not is_source(path)] == []


def examined_without_the_other(mode: str, name: str, point, tmp_path: Path) -> dict:
    """Run in a copy of the engines that holds no data file of the other mode."""
    root, foreign = tmp_path / "house", PACKAGE / "engines" / OTHER[mode]

    def data_of_the_other(folder: str, names: list[str]) -> list[str]:
        within = Path(folder).is_relative_to(foreign)
        return [one for one in names if within and not is_source(one) and (Path(folder) / one).is_file()]

    for module in (*WORDS, "inspections/__init__.py"):
        (root / module).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PACKAGE.parent / module, root / module)
    shutil.copytree(PACKAGE / "engines", root / "inspections" / "engines", ignore=data_of_the_other)
    return examined(mode, name, point, tmp_path, root=root)


def examined(mode: str, name: str, point, tmp_path: Path, *, root: Path) -> dict:
    paths = []
    for photo in point.photos:
        paths.append(tmp_path / photo.angle)
        paths[-1].write_bytes(photo.content)
    command = [sys.executable, "-c", EXAMINE, mode, name, *map(str, paths)]
    env = {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
