"""Types shared by the readers of the three containers: the undecoded picture and its errors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from inspections.engines.base import Rgb
from inspections.engines.imaging.colour import Colour

# No camera and no editor writes nearly this many segments, chunks or extents: a PNG has a chunk for each 8 kB.
MAX_PARTS: Final = 20_000


class UnusableFile(ValueError):
    """The container holds no picture that we read. `reason` is one of those of `UnreadableImage`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecoded:
    """A picture in its file. `width` and `height` are as stored, `orientation` is EXIF's 1 to 8.

    `is_whole` returns whether all its pixels are present; it may have to decode some. `decode` returns pixels as
    stored, not turned, in the colours of `colour`: grey, RGB or RGB with opacity. Their long side is at least the
    requested one (a picture is never enlarged) and may be larger. `decoder_bytes` is the memory for what the decoder
    must keep whole; 0 if it works row by row.
    """

    width: int
    height: int
    orientation: int
    colour: Colour | None
    decoder_bytes: int
    is_whole: Callable[[], bool]
    decode: Callable[[int], Rgb]
