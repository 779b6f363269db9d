"""A service with the API of OpenAI on a port of this machine: two of its calls, and on demand each failure."""

from testing.fake_openai.fake import KEY, SPEECH_MODEL, TEXT_MODEL, FakeOpenAI
from testing.fake_openai.faults import Fault

__all__ = ["KEY", "SPEECH_MODEL", "TEXT_MODEL", "FakeOpenAI", "Fault"]
