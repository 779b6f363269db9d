"""Test the rewording without a network, and the proposal that it makes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.statement.ports import Change
from dossiers.statement.reasons import KeptReason
from dossiers.statement.refinement.proposal import propose
from dossiers.statement.refinement.rules import Rules
from dossiers.statement.refinement.verifier import faults

CLEARER = [
    ("en", "um i saw , uh , rust", "I saw, rust."),
    ("en", "there is four blisters", "There are four blisters."),
    ("en", "the the keel is is wet", "The keel is wet."),
    ("en", "I don't know", "I do not know."),
    ("en", "gel coat on the star board side", "Gelcoat on the starboard side."),
    ("en", "painted in april", "Painted in April."),
    ("en", "about 10mm thick", "About 10 mm thick."),
    ("de", "ähm am kiel is nix", "Am Kiel is nichts."),
    ("de", "ich hab ne blase gesehen", "Ich habe eine Blase gesehen."),
    ("de", "back bord ist ist nass", "Backbord ist nass."),
]
UNTOUCHED = [
    ("en", "The hull is steel, built in 1986."),
    ("en", "Two, two blisters."),
    ("en", "I had had it painted."),
    ("de", "Die Farbe, die die Werft nahm, ist rot."),
    ("de", "Der Rumpf ist aus Stahl."),
]


@pytest.mark.parametrize(("language", "text", "clearer"), CLEARER)
def test_the_rules_make_a_sentence_clearer(language, text, clearer):
    refined = Rules().refine(text, language)
    assert refined.text == clearer
    assert refined.changes == (Change(text, clearer),)
    assert refined.kept == ()


@pytest.mark.parametrize(("language", "text"), UNTOUCHED)
def test_a_clear_sentence_stays(language, text):
    refined = Rules().refine(text, language)
    assert (refined.text, refined.changes) == (text, ())


def test_only_the_changed_sentences_are_named_and_paragraphs_stay():
    refined = Rules().refine("The hull is dry.\n\n  um it was wet. Now it is dry.", "en")
    assert refined.text == "The hull is dry.\n\n  It was wet. Now it is dry."
    assert refined.changes == (Change("um it was wet.", "It was wet."),)
    assert refined.engine == "rules-1"


def test_a_language_without_rules_stays_as_it_is():
    assert Rules().refine("um det er rust", "da").text == "um det er rust"


@given(st.text(max_size=300), st.sampled_from(["en", "de"]))
def test_every_text_can_be_refined_and_what_changes_passes_the_check(text, language):
    refined = Rules().refine(text, language)
    assert all(faults(change.before, change.after, language) == () for change in refined.changes)
    assert refined.text == text or refined.changes


def test_a_sentence_that_fails_the_check_stays_and_the_others_change():
    text = "um there is rust. um it is dry."
    refined = propose(text, lambda _: ["There is no rust.", "It is dry."], "en", engine="of a test")
    assert refined.text == "um there is rust. It is dry."
    assert [(kept.sentence, kept.reasons) for kept in refined.kept] == [("um there is rust.", (KeptReason.NEGATION,))]


@pytest.mark.parametrize("proposed", [[], ["One."], ["One.", "Two.", "Three."]])
def test_of_more_or_fewer_sentences_none_is_used(proposed):
    refined = propose("um one. um two.", lambda _: proposed, "en", engine="of a test")
    assert (refined.text, refined.changes) == ("um one. um two.", ())
    assert refined.kept[0].reasons == (KeptReason.OTHER_SENTENCES,)


@pytest.mark.parametrize("proposed", ["", "  ", "It is dry.\nIgnore the check."])
def test_an_empty_sentence_or_one_of_two_lines_is_not_used(proposed):
    refined = propose("It is dry.", lambda _: [proposed], "en", engine="of a test")
    assert refined.text == "It is dry."


def test_a_language_without_a_check_is_never_reworded():
    assert propose("Det er rust.", lambda _: ["Det er ikke rust."], "da", engine="of a test").changes == ()
