"""What the rest of the app uses of this room: speech, transcribers, refiners. Plain Python."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from dossiers.statement.reasons import KeptReason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE: Final = 16_000


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Decoded sound: one channel of 16-bit samples at 16 kHz, shape (samples,)."""

    samples: "NDArray[np.int16]"

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE


class Transcriber(Protocol):
    """Writes down what was said.

    `name` says which program and model wrote it, and is stored with the transcript. `languages` are two-letter codes.
    `leaves_server` is true if the recording is sent to an endpoint: only with the owner's consent.
    """

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]: ...

    @property
    def leaves_server(self) -> bool: ...

    def transcribe(self, speech: Speech, language: str) -> str:
        """Return the words, never empty.

        Raises `LanguageUnsupported`, `NoSpeech`, and those with an endpoint `Unavailable` or `Refused`.
        """


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence that was reworded."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One sentence that stays as the owner wrote it, because its new wording failed the check."""

    sentence: str
    proposed: str
    reasons: tuple[KeptReason, ...]


@dataclass(frozen=True, slots=True)
class Refined:
    """A clearer wording of the same statement, to propose to the owner.

    `engine` names the program and model. `changes` is empty if the text stays unchanged. `kept` is for measuring.
    """

    text: str
    changes: tuple[Change, ...]
    engine: str
    kept: tuple[Kept, ...] = ()


class Refiner(Protocol):
    """Rewords a statement without changing what it says; each sentence has passed the check or is the owner's own.

    `leaves_server` is true if the text is sent to an endpoint: only with the owner's consent.
    """

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]: ...

    @property
    def leaves_server(self) -> bool: ...

    def refine(self, text: str, language: str) -> Refined:
        """Return the proposal. Any language is accepted: of an unknown one, the text stays unchanged.

        Those with an endpoint raise `Unavailable` or `Refused`.
        """
