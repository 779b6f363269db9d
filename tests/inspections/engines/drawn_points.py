"""Points of drawn hulls, drawn once per test run: drawing takes most of the time of these tests."""

from functools import cache

from inspections.engines.findings import Photo, Point
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate
from rendering.samples import jpeg

SIZE = (640, 480)
NEAR = ("mid", "close")


@cache
def plate_point(*, seed: int, rust: float, angles: tuple[str, ...] = NEAR) -> Point:
    return _point({angle: jpeg(render_hull_plate(seed=seed, angle=angle, rust=rust, size=SIZE)) for angle in angles})


@cache
def gelcoat_point(*, seed: int, blisters: int, angles: tuple[str, ...] = NEAR) -> Point:
    return _point(
        {angle: jpeg(render_gelcoat(seed=seed, angle=angle, blisters=blisters, size=SIZE)) for angle in angles}
    )


def mixed_point(*points: Point) -> Point:
    return Point(point_index=1, photos=tuple(photo for point in points for photo in point.photos))


def _point(contents: dict[str, bytes]) -> Point:
    photos = tuple(Photo(asset_id=f"asset-{angle}", angle=angle, content=body) for angle, body in contents.items())
    return Point(point_index=3, photos=photos)
