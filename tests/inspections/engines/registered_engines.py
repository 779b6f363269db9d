"""Every engine of the registry, so that a new one is tested automatically."""

from inspections.engines import registry
from inspections.engines.base import Engine
from inspections.engines.findings import Photo, Point

EVERY = sorted(registry._ENGINES)
# The stub looks at bytes and at no picture.
SEEING = [(mode, name) for mode, name in EVERY if name != "stub"]


def engine(mode: str, name: str) -> Engine:
    return registry.engine_for(mode=mode, name=name)


def point_of(*contents: bytes) -> Point:
    """Return one point; its photos are named by their angles, nearest first."""
    angles = ("close", "mid", "wide")
    photos = (
        Photo(asset_id=angle, angle=angle, content=content) for angle, content in zip(angles, contents, strict=False)
    )
    return Point(point_index=1, photos=tuple(photos))
