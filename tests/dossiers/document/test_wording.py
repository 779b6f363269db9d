"""Test the words of the document: complete in every language, of one mode only, and never a diagnosis."""

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest

from corrosion.vocabulary import IDENTICAL_PHOTOS, IncomparableReason, MaintenanceKind, Trend
from dossiers.document.content import Language, StatementOrigin
from dossiers.document.wording.registry import OF_MODE, SHARED
from inspections.engines.quality_flags import QualityFlag
from inspections.modes.corrosion import vocabulary as corrosion
from inspections.modes.osmosis import vocabulary as osmosis
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import Angle, Antifouling, ConfidenceLevel, Mode, PhotoWarning, SignalDetected, Surface
from inspections.work.inference import NO_USABLE_PHOTO
from tests.contract.test_mode_isolation import DIAGNOSIS, MEASURED, says
from vessels.vocabulary import HullMaterial

OTHER = {Mode.CORROSION: Mode.OSMOSIS, Mode.OSMOSIS: Mode.CORROSION}
# In addition to the English words: compounds count too.
GERMAN = {
    Mode.CORROSION: r"korro\w*|\w*rost\w*|\w*metall\w*|\w*platt(?:e|en|ung)\b|\w*stahl\w*|alumin\w*|schweiß\w*",
    Mode.OSMOSIS: r"osmo\w*|\w*blasen?\b|gelcoat\w*|gfk\b|\w*glasfaser\w*|laminat\w*|\w*feucht\w*|relief\w*|ge?krant?",
}
GERMAN_DIAGNOSIS = re.compile(
    r"\b(hat|haben|ist|sind|leidet)\s+(verrostet|korrodiert|beschädigt|osmose|rost)"
    r"|\bschad(en|haft)|\bmangel|\bmängel|\bdefekt|seetüchtig|\bsicher\b|\bunsicher\b|gefähr|\bwert\b|prozent|%"
    r"|wahrscheinlich|\bgesund|\breparatur|\bbefund\b|\bzustand",
    re.IGNORECASE,
)
SURVEYORS_WORDS = re.compile(r"stellt keine Diagnose|makes no diagnosis", re.IGNORECASE)


def sentences_of(words: object) -> Iterator[str]:
    if isinstance(words, str):
        yield words
    elif is_dataclass(words):
        for field in fields(words):
            yield from sentences_of(getattr(words, field.name))
    elif isinstance(words, Mapping):
        for value in words.values():
            yield from sentences_of(value)
    elif isinstance(words, tuple):
        for value in words:
            yield from sentences_of(value)


def spoken(mode: Mode, text: str) -> list[str]:
    return says(str(mode), text) + re.findall(rf"(?<!\w)(?:{GERMAN[mode]})", text, re.IGNORECASE)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("mode", Mode)
def test_no_word_of_the_other_mode_stands_in_any_sentence(mode, language):
    for sentence in (*sentences_of(OF_MODE[mode, language]), *sentences_of(SHARED[language])):
        assert not spoken(OTHER[mode], sentence), sentence


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("mode", Mode)
def test_the_word_lists_match_the_sentences_of_their_own_mode(mode, language):
    """The control of the tests above."""
    assert len(spoken(mode, " ".join(sentences_of(OF_MODE[mode, language])))) > 10


@pytest.mark.parametrize("language", Language)
def test_the_two_modes_share_no_sentence(language):
    one, other = ({sentence for sentence in sentences_of(OF_MODE[mode, language]) if " " in sentence} for mode in Mode)
    assert not one & other


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("mode", Mode)
def test_no_sentence_makes_a_diagnosis(mode, language):
    for sentence in (*sentences_of(OF_MODE[mode, language]), *sentences_of(SHARED[language])):
        if SURVEYORS_WORDS.search(sentence):
            continue
        assert not DIAGNOSIS.search(sentence), sentence
        assert not GERMAN_DIAGNOSIS.search(sentence), sentence


@pytest.mark.parametrize("mode", Mode)
def test_only_the_limitations_name_what_photos_do_not_measure(mode):
    own = OF_MODE[mode, Language.EN]
    for sentence in set(sentences_of(own)) - set(own.limits):
        assert not MEASURED.search(sentence), sentence


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("mode", Mode)
def test_signs_are_worded_as_consistent_with(mode, language):
    form = {Language.EN: "consistent with", Language.DE: "passen"}[language]
    own = OF_MODE[mode, language]
    for sentence in (*own.signs.values(), own.no_signs, own.marks):
        assert form in sentence


def test_every_token_of_the_modes_has_a_word():
    for language in Language:
        own = OF_MODE[Mode.CORROSION, language]
        assert list(own.bands) == list(own.band_means) == corrosion.CoverageBand.values()
        assert ["none", *own.signs] == corrosion.CoverageBand.values()
        assert list(own.guidance) == corrosion.Guidance.values()
        own = OF_MODE[Mode.OSMOSIS, language]
        assert list(own.bands) == list(own.band_means) == osmosis.DensityBand.values()
        assert ["none", *own.signs] == osmosis.DensityBand.values()
        assert list(own.guidance) == osmosis.Guidance.values()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("mode", Mode)
def test_every_doubt_and_material_has_a_word(mode, language):
    own = OF_MODE[mode, language]
    assert set(own.doubts) == {*map(str, QualityFlag), NO_USABLE_PHOTO}
    assert set(own.hull_materials) == set(HullMaterial.values())


@pytest.mark.parametrize("language", Language)
def test_every_shared_token_has_a_word(language):
    words = SHARED[language]
    assert set(words.coverage.reasons) == set(RetakeReason)
    assert set(words.summary.signals) == set(SignalDetected)
    assert set(words.summary.confidences) == set(ConfidenceLevel)
    assert set(words.points.angles) == set(Angle)
    assert set(words.capture.surfaces) == set(Surface)
    assert set(words.capture.antifoulings) == set(Antifouling)
    assert set(words.statement.origins) == set(StatementOrigin)
    assert set(words.evidence.warnings) == set(PhotoWarning)
    assert len(words.months) == 12


@pytest.mark.parametrize("language", Language)
def test_every_change_and_work_has_a_word(language):
    course = OF_MODE[Mode.CORROSION, language].course
    assert course is not None
    assert set(course.trends) == set(Trend.values())
    assert set(course.reasons) == {*IncomparableReason.values(), IDENTICAL_PHOTOS}
    assert set(course.kinds) == set(MaintenanceKind.values())
    assert OF_MODE[Mode.OSMOSIS, language].course is None


def test_both_languages_say_the_same_things():
    """Each sentence has the same places for values; a place that is missing would lose a fact."""
    pairs = [(SHARED[Language.EN], SHARED[Language.DE])]
    pairs += [(OF_MODE[mode, Language.EN], OF_MODE[mode, Language.DE]) for mode in Mode]
    for english, german in pairs:
        told = list(zip(sentences_of(english), sentences_of(german), strict=True))
        for one, other in told:
            assert places_of(one) - {"month"} == places_of(other) - {"month_number", "month"}, (one, other)


def places_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("mode", Mode)
def test_no_sentence_was_left_in_english(mode):
    for english, german in (
        (SHARED[Language.EN], SHARED[Language.DE]),
        (OF_MODE[mode, Language.EN], OF_MODE[mode, Language.DE]),
    ):
        same = {sentence for sentence in sentences_of(english) if " " in sentence} & set(sentences_of(german))
        assert {re.sub(r"[{}·\w. ]|MB", "", sentence) for sentence in same} <= {""}, same
