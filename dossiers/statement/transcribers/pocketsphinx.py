"""The transcriber that needs no network and no model of the operator: English, by pocketsphinx and its own model.

It hears about four words in five of a clear voice rightly, and is useless on some (docs/model-cards/statement.md): a
first draft for the owner to correct.
"""

import io
import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Final

from pocketsphinx import Decoder, Segmenter

from dossiers.statement.failures import LanguageUnsupported, NoSpeech
from dossiers.statement.ports import SAMPLE_RATE, Speech
from dossiers.statement.transcribers.hull_words import LIKELY, SOUNDS

# A pause of this length ends a sentence.
_PAUSE_SECONDS: Final = 0.5
_PART_SILENT: Final = 0.9
# A speaker without pauses is cut here: the search slows down with the length of what it hears.
_LONGEST_BYTES: Final = 30 * SAMPLE_RATE * 2
# A tenth of a second at a time, so that the interpreter answers signals meanwhile.
_STEP_BYTES: Final = SAMPLE_RATE // 10 * 2
# How much more likely than an unknown word. Ten times less, and hull is hell; ten times more, and others become hull.
_WEIGHT: Final = 10.0
# Marks our copies of words that the dictionary has too, with another likelihood.
_MARK: Final = "~"
_FIRST_PERSON: Final = re.compile(r"\bi\b(?=\s|'|$)")


class PocketSphinx:
    """Loads its model for each recording: a second, and the memory is free again."""

    name = f"pocketsphinx {version('pocketsphinx')}"
    languages = frozenset({"en"})
    leaves_server = False

    def transcribe(self, speech: Speech, language: str) -> str:
        if language not in self.languages:
            raise LanguageUnsupported
        decoder = _decoder()
        heard = (_words(decoder, sound) for sound in _utterances(speech))
        text = " ".join(_sentence(words) for words in heard if words)
        if not text:
            raise NoSpeech
        return text


def _decoder() -> Decoder:
    decoder = Decoder(loglevel="FATAL")
    language_model = decoder.get_lm()
    for word in (*LIKELY, *SOUNDS):
        marked = _MARK + word
        language_model.add_word(marked, _WEIGHT)
        for number, sounds in enumerate(_pronunciations(decoder, word)):
            decoder.add_word(marked if number == 0 else f"{marked}({number + 1})", sounds, False)
    decoder.add_lm("of hulls", language_model)
    decoder.activate_search("of hulls")
    return decoder


def _pronunciations(decoder: Decoder, word: str) -> list[str]:
    known = (decoder.lookup_word(spelling) for spelling in (word, f"{word}(2)", f"{word}(3)"))
    return [SOUNDS[word]] if word in SOUNDS else [sounds for sounds in known if sounds]


def _utterances(speech: Speech) -> Iterator[bytes]:
    """Return the sound between two pauses, in order, without the pauses."""
    sound = io.BytesIO(speech.samples.tobytes())
    for spoken in Segmenter(window=_PAUSE_SECONDS, ratio=_PART_SILENT).segment(sound):
        for start in range(0, len(spoken.pcm), _LONGEST_BYTES):
            yield spoken.pcm[start : start + _LONGEST_BYTES]


def _words(decoder: Decoder, sound: bytes) -> str:
    decoder.start_utt()
    for start in range(0, len(sound), _STEP_BYTES):
        decoder.process_raw(sound[start : start + _STEP_BYTES])
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr.replace(_MARK, "").strip() if found else ""


def _sentence(words: str) -> str:
    words = _FIRST_PERSON.sub("I", words)
    return f"{words[0].upper()}{words[1:]}."
