"""A process that decodes one recording and ends: `python -m dossiers.statement.decoder CONTAINER MAX_SECONDS`.

Reads the file from standard input and writes 16-bit samples of one channel at 16 kHz to standard output. A refusal is a
word of `RecordingReason` on standard error. FFmpeg reads hostile bytes here, so the process limits itself before it
reads the first of them: its memory and processor time are bounded, and it can open no file and no connection.
"""

import os
import resource
import struct
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

MEMORY_BYTES: Final = 320 * 1024 * 1024  # 150 are the libraries' addresses
CPU_SECONDS: Final = 60
_RATE: Final = 16_000
_SAMPLE_BYTES: Final = 2
_RATES: Final = range(8_000, 192_001)
_MAX_CHANNELS: Final = 8
_CODECS: Final = (
    *("aac", "alac", "opus", "libopus", "vorbis", "libvorbis"),
    *("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_alaw", "pcm_mulaw"),
)
# Codings of an m4a with a header that counts packets. Of PCM it counts samples.
_COUNTED: Final = ("aac", "alac")
# More streams than this are no recording of a voice.
_MAX_STREAMS: Final = 8
# Packets that cannot be decoded or are missing, of a hundred: phones write one or two at the start or the end.
_BAD_PACKETS_PERCENT: Final = 5
_FEWEST_PACKETS: Final = 20
# The shortest packets of Opus last 2.5 ms: 400 a second. A file with more of them than that holds packets of nothing.
_PACKETS_OF_A_SECOND: Final = 500
# A tenth of a second of silence, as a wav of 8 kHz, so that it is resampled.
_OWN_SOUND: Final = (
    b"RIFF" + struct.pack("<I", 1636) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16)
    + b"data" + struct.pack("<I", 1600) + bytes(1600)
)  # fmt: skip


class Refused(Exception):
    """The file is refused with a word of `RecordingReason`."""


def main(container: str, max_seconds: int) -> None:
    use_one_processor()
    decode(_OWN_SOUND, "wav", max_seconds)  # PyAV loads some of its modules at their first use
    limit_this_process()
    try:
        sound = decode(sys.stdin.buffer.read(), container, max_seconds)
    except Refused as refusal:
        raise SystemExit(str(refusal)) from None
    except (FFmpegError, MemoryError, ValueError, OverflowError):  # ValueError: a property that FFmpeg cannot name
        raise SystemExit("damaged") from None
    sys.stdout.buffer.write(sound)


def use_one_processor() -> None:
    """Keep FFmpeg from starting a thread for each processor: their stacks would count as memory."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {allowed[os.getpid() % len(allowed)]})


def limit_this_process() -> None:
    """Bound memory and processor time, and refuse every new file descriptor. The libraries are loaded already."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def decode(data: bytes, container: str, max_seconds: int) -> bytes:
    """Return the samples. Raises `Refused`, or an error of FFmpeg for damaged bytes."""
    options = {
        "format_whitelist": container,
        "codec_whitelist": ",".join(_CODECS),
        "protocol_whitelist": "none",
        "max_streams": str(_MAX_STREAMS),
    }
    with av.open(BytesIO(data), "r", format=container, options=options, metadata_errors="replace") as opened:
        stream = _only_audio(opened)
        sound = bytearray()
        for samples in _resampled(_frames(opened, stream, most=max_seconds * _PACKETS_OF_A_SECOND)):
            sound += samples
            if len(sound) > max_seconds * _RATE * _SAMPLE_BYTES:
                raise Refused("too_long")
    if not sound:
        raise Refused("damaged")
    return bytes(sound)


def _only_audio(opened: InputContainer) -> AudioStream:
    if opened.streams.video:
        raise Refused("has_video")
    if len(opened.streams.audio) != 1:
        raise Refused("unsupported_format" if len(opened.streams) else "damaged")
    stream = opened.streams.audio[0]
    context = stream.codec_context
    if context is None or context.name not in _CODECS:
        raise Refused("unsupported_format")
    if context.sample_rate not in _RATES or not 1 <= context.channels <= _MAX_CHANNELS:
        raise Refused("unsupported_format")
    context.thread_count = 1
    return stream


def _frames(opened: InputContainer, stream: AudioStream, *, most: int) -> Iterator[AudioFrame]:
    """Decode packet by packet. Raises `Refused` if more than a few are damaged, or missing behind a cut.

    So does the first packet beyond `most`: small files may hold millions of them without any sound.

    Only an m4a says how many packets it has. What was written of an ogg or webm before a cut is a whole recording.
    """
    found = bad = 0
    for packet in opened.demux(stream):
        found += packet.size > 0
        if found > most:
            raise Refused("damaged")
        try:
            yield from packet.decode()
        except FFmpegError:
            bad += 1
    is_counted = stream.codec_context.name in _COUNTED
    promised = max(stream.frames if is_counted else 0, found, _FEWEST_PACKETS)
    if 100 * (bad + promised - max(found, _FEWEST_PACKETS)) > _BAD_PACKETS_PERCENT * promised:
        raise Refused("damaged")


def _resampled(frames: Iterator[AudioFrame]) -> Iterator[bytes]:
    """Return the samples of each frame. A recording that changes its rate or channels midway is refused."""
    resampler = AudioResampler(format="s16", layout="mono", rate=_RATE)
    first = None
    for frame in frames:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        first = first or kind
        if kind != first or frame.sample_rate not in _RATES:
            raise Refused("damaged")
        frame.pts = None  # the samples count, not the times that the file claims
        yield from _bytes_of(resampler.resample(frame))
    yield from _bytes_of(resampler.resample(None))


def _bytes_of(frames: list[AudioFrame]) -> Iterator[bytes]:
    for frame in frames:
        yield bytes(frame.planes[0])[: frame.samples * _SAMPLE_BYTES]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
