"""Test the decoding of recordings: what phones make is heard, and hostile files get a reason and do no harm."""

import os
import subprocess
import sys

import av
import numpy as np
import pytest

from dossiers.statement import audio
from dossiers.statement.audio import MAX_SECONDS, decode
from dossiers.statement.failures import (
    Damaged,
    NotAudio,
    Silent,
    TooLarge,
    TooLong,
    UnsupportedFormat,
    UnusableRecording,
    failure_of,
)
from dossiers.statement.ports import SAMPLE_RATE, Speech
from dossiers.statement.reasons import RecordingReason
from testing.samples.hostile_recordings import HEARD, SECRET, files, packets_of_nothing, playlists
from testing.samples.recordings import HEADER_FIRST, encoded, hiss, tone, wav

HOSTILE = list(files())
HEAVY = ("too long", "silence", "billion", "compressed", "packed", "nested", "64 channels", "GB")
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov", "frag_duration": "500000"}
FROM_PHONES = {
    "an m4a of an iPhone": lambda: encoded(tone(3, rate=48_000), container="ipod", codec="aac", rate=48_000),
    "a lossless m4a": lambda: encoded(tone(3), container="ipod", codec="alac"),
    "an m4a with its header in front": lambda: encoded(tone(3), container="mp4", codec="aac", options=HEADER_FIRST),
    "an mp4 in fragments, of Safari": lambda: encoded(tone(3), container="mp4", codec="aac", options=FRAGMENTED),
    "a webm of Chrome": lambda: encoded(tone(3, rate=48_000), container="webm", codec="libopus", rate=48_000),
    "a webm that does not know its length": lambda: encoded(
        tone(3, rate=48_000), container="webm", codec="libopus", rate=48_000, options={"live": "1"}
    ),
    "a stereo webm": lambda: encoded(
        tone(3, rate=48_000), container="webm", codec="libopus", rate=48_000, layout="stereo"
    ),
    "an ogg of Firefox": lambda: encoded(tone(3, rate=48_000), container="ogg", codec="libopus", rate=48_000),
    "a wav": lambda: wav(tone(3)),
    "a wav of a compact disc": lambda: encoded(
        tone(3, rate=44_100), container="wav", codec="pcm_s16le", rate=44_100, layout="stereo"
    ),
    "a wav that was streamed": lambda: wav(tone(3), declared_bytes=2**32 - 1),
}


def reason_of(data: bytes) -> str:
    try:
        decode(data)
    except UnusableRecording as refusal:
        return refusal.reason
    return HEARD


@pytest.mark.parametrize("make", FROM_PHONES.values(), ids=FROM_PHONES.keys())
def test_every_recording_of_a_phone_is_heard(make):
    speech = decode(make())
    assert 2.9 < speech.seconds < 3.1
    assert np.abs(speech.samples).max() > 3_000


def test_the_sound_keeps_its_pitch_at_another_rate():
    heard = decode(wav(tone(2, rate=44_100), rate=44_100)).samples.astype(float)
    spectrum = np.abs(np.fft.rfft(heard[:SAMPLE_RATE]))
    assert abs(int(spectrum.argmax()) - 220) <= 4


def test_a_wav_of_16_khz_comes_through_untouched():
    assert np.array_equal(decode(wav(tone(2))).samples, tone(2))


@pytest.mark.parametrize("hostile", HOSTILE, ids=[hostile.name for hostile in HOSTILE])
def test_a_hostile_file_gets_its_reason(hostile):
    assert reason_of(hostile.make()) in hostile.expected


def test_the_heaviest_files_cost_little_memory_and_time():
    done = subprocess.run([sys.executable, "-c", DECODES_HEAVY], capture_output=True, text=True, check=True)
    memory_kb, seconds = map(float, done.stdout.split())
    assert memory_kb < 200 * 1024
    assert seconds < 15


# In a small process: the memory of a child counts from that of its parent.
DECODES_HEAVY = f"""
import resource
from tests.dossiers.statement.test_audio import HOSTILE, reason_of
for hostile in HOSTILE:
    if any(word in hostile.name for word in {HEAVY}):
        reason_of(hostile.make())
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss, used.ru_utime + used.ru_stime)
"""


def test_ffmpeg_left_to_guess_would_open_what_a_playlist_names(tmp_path):
    """The control of the first bytes: a recording of this machine, played through a playlist."""
    (tmp_path / "victim.wav").write_bytes(wav(tone(1)))
    playlist = f"ffconcat version 1.0\nfile '{tmp_path}/victim.wav'\n".encode()
    (tmp_path / "voice.m4a").write_bytes(playlist)
    with av.open(str(tmp_path / "voice.m4a"), options={"safe": "0"}) as opened:
        assert sum(frame.samples for frame in opened.decode(audio=0)) == SAMPLE_RATE
    assert reason_of(playlist) == "not_audio"


def test_the_decoder_opens_no_file_even_with_a_playlist():
    """The guard behind the check of the first bytes: a decoder that must read a playlist finds nothing."""
    done = subprocess.run(
        [sys.executable, "-c", OPENS_A_PLAYLIST.format(playlist=playlists()["ffconcat"])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == f"[Errno 24] Too many open files: '{SECRET}'"


OPENS_A_PLAYLIST = """
from dossiers.statement import decoder
decoder.decode(decoder._OWN_SOUND, "wav", 1)
decoder.limit_this_process()
try:
    decoder.decode({playlist!r}, "concat", 1)
except Exception:
    pass
else:
    raise SystemExit("the playlist was read")
try:
    open("/etc/hostname")
except OSError as error:
    print(error)
"""


def test_the_decoder_has_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "known to the parent alone")
    seen = {}
    monkeypatch.setattr(audio.subprocess, "run", lambda *_, **options: seen.update(options) or _done(0, b""))
    with pytest.raises(Silent):
        decode(wav(tone(1)))
    assert "SECRET_KEY" not in seen["env"]


def test_a_decoder_that_runs_out_of_processor_time_means_a_damaged_file(monkeypatch):
    monkeypatch.setattr(audio, "_DECODER", "tests.dossiers.statement.endless_decoder")
    with pytest.raises(Damaged):
        decode(wav(tone(1)))


def test_millions_of_packets_without_sound_are_not_all_decoded():
    """On a busy machine they outlasted the worker's patience, so that it tried three times."""
    before = os.times()
    with pytest.raises(Damaged):
        decode(packets_of_nothing(3_000_000))
    spent = os.times()
    assert sum(spent[2:4]) - sum(before[2:4]) < 8


@pytest.mark.parametrize("status", [-9, -15, 1, 2])
def test_a_decoder_that_the_machine_ended_is_no_verdict_on_the_file(monkeypatch, status):
    monkeypatch.setattr(audio.subprocess, "run", lambda *_, **__: _done(status, b"", b"Killed"))
    with pytest.raises(RuntimeError):
        decode(wav(tone(1)))


def _done(status, out, err=b""):
    return subprocess.CompletedProcess([], status, out, err)


def test_limits_are_the_callers_to_set():
    with pytest.raises(TooLong):
        decode(wav(tone(3)), max_seconds=2)
    with pytest.raises(TooLarge):
        decode(wav(tone(3)), max_bytes=10_000)


def test_a_recording_of_exactly_the_longest_duration_is_heard():
    assert decode(wav(tone(MAX_SECONDS))).seconds == MAX_SECONDS


def test_a_quiet_voice_is_no_silence():
    assert decode(wav(tone(3, loudness=0.006))).seconds == 3


def test_hiss_that_is_as_loud_as_a_voice_is_left_to_the_transcriber():
    assert decode(wav(hiss(2, loudness=0.02))).seconds == 2


def test_the_first_bytes_decide_and_not_the_rest():
    with pytest.raises(NotAudio):
        decode(b"ffconcat" + wav(tone(1)))
    with pytest.raises(UnsupportedFormat):
        decode(b"ID3" + wav(tone(1)))


def test_each_reason_has_its_error():
    assert {failure_of(reason).reason for reason in RecordingReason} == set(RecordingReason)


def test_speech_knows_its_length():
    assert Speech(np.zeros(SAMPLE_RATE // 2, np.int16)).seconds == 0.5
