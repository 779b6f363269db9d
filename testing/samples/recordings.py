"""Recordings as phones and browsers make them: any sound, in any container and coding that FFmpeg writes."""

import io
import struct
from collections.abc import Mapping
from fractions import Fraction

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from numpy.typing import NDArray

Samples = NDArray[np.int16]
RATE = 16_000
# Makes room for the header of an m4a in front of its sound.
HEADER_FIRST = {"moov_size": "40000"}


def tone(seconds: float, *, loudness: float = 0.25, rate: int = RATE) -> Samples:
    """Return a tone that swells and fades twice a second, as loud as this part of full scale."""
    at = np.arange(int(seconds * rate)) / rate
    return (32767 * loudness * np.sin(2 * np.pi * 220 * at) * (0.6 + 0.4 * np.sin(4 * np.pi * at))).astype(np.int16)


def hiss(seconds: float, *, loudness: float, rate: int = RATE) -> Samples:
    return np.random.default_rng(7).normal(0, 32767 * loudness, int(seconds * rate)).astype(np.int16)


def wav(
    samples: Samples,
    *,
    rate: int = RATE,
    channels: int = 1,
    coding: int = 1,
    bits: int = 16,
    declared_bytes: int | None = None,
) -> bytes:
    """Return a wav file with the requested header, however wrong."""
    body = samples.tobytes()
    block = channels * bits // 8
    about = struct.pack("<HHIIHH", coding, channels, rate, (rate * block) % 2**32, block % 2**16, bits)
    size = len(body) if declared_bytes is None else declared_bytes
    chunks = b"WAVEfmt " + struct.pack("<I", len(about)) + about + b"data" + struct.pack("<I", size % 2**32) + body
    return b"RIFF" + struct.pack("<I", (len(chunks) - len(body) + size) % 2**32) + chunks


def encoded(
    samples: Samples,
    *,
    container: str,
    codec: str,
    rate: int = RATE,
    tracks: int = 1,
    film: str | None = None,
    layout: str = "mono",
    options: Mapping[str, str] | None = None,
) -> bytes:
    """Return the sound in a container: `ipod` (m4a), `mp4`, `ogg`, `webm`, `mov`, …; `film` adds a video of a codec."""
    out = io.BytesIO()
    with av.open(out, "w", format=container, options=dict(options or {})) as opened:
        streams = [_audio_stream(opened, codec, rate, layout) for _ in range(tracks)]
        if film:
            opened.mux(_film(opened, film, seconds=len(samples) / rate))
        for stream in streams:
            for frame in [*_frames(samples, stream, rate), None]:
                opened.mux(stream.encode(frame))
    return out.getvalue()


def _audio_stream(opened: OutputContainer, codec: str, rate: int, layout: str) -> av.AudioStream:
    stream = opened.add_stream(codec, rate=rate, layout=layout)
    assert isinstance(stream, av.AudioStream)
    return stream


def _film(opened: OutputContainer, codec: str, *, seconds: float) -> "list[Packet[av.VideoStream]]":
    stream = opened.add_stream(codec, rate=5, width=64, height=48, pix_fmt="yuv420p")
    assert isinstance(stream, av.VideoStream)
    packets = []
    for at in range(max(1, int(5 * seconds))):
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="rgb24")
        frame.pts, frame.time_base = at, Fraction(1, 5)
        packets += stream.encode(frame)
    return packets + stream.encode(None)


def _frames(samples: Samples, stream: av.AudioStream, rate: int):
    resampler = av.AudioResampler(format=stream.codec_context.format, layout=stream.codec_context.layout, rate=rate)
    for start in range(0, len(samples), rate):
        frame = av.AudioFrame.from_ndarray(samples[None, start : start + rate], format="s16", layout="mono")
        frame.sample_rate, frame.pts = rate, start
        yield from resampler.resample(frame)
    yield from resampler.resample(None)
