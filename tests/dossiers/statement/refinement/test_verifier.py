"""Test the check between a sentence and its new wording: what is said may be neither added, lost nor moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.statement.reasons import KeptReason as Reason
from dossiers.statement.refinement.verifier import faults

FAITHFUL = [
    ("en", "um there's there's four blister near the the keel", "There are four blisters near the keel."),
    ("en", "The hull was built in nineteen eighty six.", "The hull was built in 1986."),
    ("en", "The hull was built in twenty twenty-four.", "The hull was built in 2024."),
    ("en", "ten centimeters long", "10 cm long"),
    ("en", "one point five meters above the water line", "1.5 m above the waterline"),
    ("en", "The paint come off in flakes.", "The paint comes off in flakes."),
    ("en", "The antifouling was removed last spring.", "Last spring, the antifouling was removed."),
    ("en", "I don't think it's rust", "I do not think it is rust."),
    ("en", "big spot on the star board side", "There is a large spot on the starboard side."),
    ("en", "we took a hundred and twenty pictures", "We took 120 photos."),
    ("en", "the the vessel is wet, is wet", "The boat is wet."),
    ("en", "no one repaired it", "Nobody repaired it."),
    ("de", "äh am kiel sind vier Blase", "Am Kiel sind vier Blasen."),
    ("de", "Das Boot ist neunzehnhundertsechsundachtzig gebaut.", "Das Boot ist 1986 gebaut."),
    ("de", "ich hab zwei Blasen gesehen", "Ich habe zwei Blasen gesehen."),
    ("de", "einundzwanzig Zentimeter lang", "21 cm lang."),
    ("de", "da ist nix an steuer bord", "Da ist nichts an Steuerbord."),
    ("de", "Im Mai war der Rumpf nass.", "Der Rumpf war nass im Mai."),
]
UNFAITHFUL = [
    ("en", "There are blisters near the keel.", "There are four blisters near the keel.", Reason.NUMBER),
    ("en", "There are four blisters near the keel.", "There are blisters near the keel.", Reason.NUMBER),
    ("en", "There are four blisters near the keel.", "There are five blisters near the keel.", Reason.NUMBER),
    ("en", "I saw a blister.", "I saw blisters.", Reason.NEW_WORDS),
    ("en", "Some paint is gone.", "Most paint is gone.", Reason.NUMBER),
    ("en", "The line is 10 cm long.", "The line is 10 mm long.", Reason.MEASURE),
    ("en", "The line is 10 long.", "The line is 10 cm long.", Reason.MEASURE),
    ("en", "It was painted in April.", "It was painted in May.", Reason.DATE),
    ("en", "It was painted.", "It was painted last year.", Reason.DATE),
    ("en", "The hull was wet.", "The hull is wet.", Reason.DATE),
    ("en", "I painted it.", "I paint it.", Reason.NEW_WORDS),
    ("en", "I met Peter Hansen there.", "I met Hansen there.", Reason.NAME),
    ("en", "The yard painted it.", "The yard in Kappeln painted it.", Reason.NAME),
    ("en", "There is rust at the bow.", "There is rust at the stern.", Reason.PLACE),
    ("en", "There is rust above the waterline.", "There is rust below the waterline.", Reason.PLACE),
    ("en", "There is rust on the port side.", "There is rust on the starboard side.", Reason.SIDE),
    ("en", "There is rust on the side.", "There is rust on the port side.", Reason.SIDE),
    ("en", "A brown line.", "A red line.", Reason.COLOUR),
    ("en", "A small spot.", "A large spot.", Reason.SIZE),
    ("en", "A spot.", "A severe spot.", Reason.SIZE),
    ("en", "There is no rust.", "There is rust.", Reason.NEGATION),
    ("en", "There is rust.", "There is no rust.", Reason.NEGATION),
    ("en", "I don't know.", "I know.", Reason.NEGATION),
    ("en", "The bottom was left without paint.", "The bottom was left with paint.", Reason.NEGATION),
    ("en", "I think it is rust.", "It is rust.", Reason.DOUBT),
    ("en", "It might be rust.", "It is rust.", Reason.DOUBT),
    ("en", "About ten spots.", "Ten spots.", Reason.DOUBT),
    ("en", "Is there rust?", "There is rust.", Reason.DOUBT),
    ("en", "There are blisters.", "There are blisters, a sign of osmosis.", Reason.DIAGNOSIS),
    ("en", "There is a brown stain.", "There is a brown rust stain.", Reason.DIAGNOSIS),
    ("en", "There is rust.", "There is something.", Reason.DIAGNOSIS),
    ("en", "The hull is dry.", "The hull is dry and clean.", Reason.NEW_WORDS),
    ("en", "The hull is dry and clean.", "The hull is dry.", Reason.LOST_WORDS),
    ("en", "It is rust or paint.", "It is rust and paint.", Reason.LOST_WORDS),
    ("en", "If it is wet, I can see it.", "It is wet, I can see it.", Reason.LOST_WORDS),
    ("en", "I painted it.", "We painted it.", Reason.NEW_WORDS),
    ("en", "Rust at the bow, blisters at the stern.", "Blisters at the bow, rust at the stern.", Reason.ORDER),
    ("en", "On port there is rust, on starboard none.", "On starboard there is rust, on port none.", Reason.ORDER),
    ("en", "Rust to port, blisters to starboard.", "To starboard rust, to port blisters.", Reason.ORDER),
    ("en", "Two red spots and four brown ones.", "Four red spots and two brown ones.", Reason.ORDER),
    ("en", "It moved from port to starboard.", "It moved to port from starboard.", Reason.ORDER),
    ("en", "In April it was wet, in May dry.", "In May it was wet, in April dry.", Reason.ORDER),
    ("en", "-2 degrees", "2 degrees", Reason.NUMBER),
    ("de", "Am Kiel sind Blasen.", "Am Kiel sind drei Blasen.", Reason.NUMBER),
    ("de", "Am Kiel sind drei Blasen.", "Am Kiel sind Blasen.", Reason.NUMBER),
    ("de", "Die Linie ist 10 cm lang.", "Die Linie ist 10 mm lang.", Reason.MEASURE),
    ("de", "Im April gestrichen.", "Im Mai gestrichen.", Reason.DATE),
    ("de", "Der Rumpf war nass.", "Der Rumpf ist nass.", Reason.DATE),
    ("de", "Rost am Bug.", "Rost am Heck.", Reason.PLACE),
    ("de", "Rost an Backbord.", "Rost an Steuerbord.", Reason.SIDE),
    ("de", "Ein brauner Fleck.", "Ein roter Fleck.", Reason.COLOUR),
    ("de", "Ein kleiner Fleck.", "Ein großer Fleck.", Reason.SIZE),
    ("de", "Da ist kein Rost.", "Da ist Rost.", Reason.NEGATION),
    ("de", "Ich weiß es nicht.", "Ich weiß es.", Reason.NEGATION),
    ("de", "Vielleicht ist es Rost.", "Es ist Rost.", Reason.DOUBT),
    ("de", "Etwa zehn Stellen.", "Zehn Stellen.", Reason.DOUBT),
    ("de", "Da sind Blasen.", "Da sind Blasen, also Osmose.", Reason.DIAGNOSIS),
    ("de", "Der Rumpf ist trocken.", "Der Rumpf ist trocken und sauber.", Reason.NEW_WORDS),
    ("de", "Rost oder Farbe.", "Rost und Farbe.", Reason.LOST_WORDS),
    ("de", "Rost am Bug, Blasen am Heck.", "Blasen am Bug, Rost am Heck.", Reason.ORDER),
    ("de", "Da ist eine Blase.", "Da sind Blasen.", Reason.NEW_WORDS),
    ("de", "Werft Hansen hat es gestrichen.", "Die Werft hat es gestrichen.", Reason.LOST_WORDS),
]


@pytest.mark.parametrize(("language", "sentence", "proposed"), FAITHFUL)
def test_a_wording_that_says_the_same_passes(language, sentence, proposed):
    assert faults(sentence, proposed, language) == ()


@pytest.mark.parametrize(("language", "sentence", "proposed", "reason"), UNFAITHFUL)
def test_a_wording_that_adds_loses_or_moves_something_fails(language, sentence, proposed, reason):
    assert reason in faults(sentence, proposed, language)


@given(st.text(max_size=200), st.sampled_from(["en", "de"]))
def test_every_sentence_says_what_it_says(sentence, language):
    assert faults(sentence, sentence, language) == ()


def test_a_language_without_words_is_an_error():
    with pytest.raises(KeyError):
        faults("Det er rust.", "Det er rust.", "da")
