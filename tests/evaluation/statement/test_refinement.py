"""Test the measures of refiners: a careless one must be found out."""

from dossiers.statement.ports import Refined
from dossiers.statement.refinement.rules import Rules
from evaluation.statement.corpus import Pair, Written, pairs, spoken_sentences, statements
from evaluation.statement.refinement import MEANINGS, Result, compute_metrics, refine_all
from evaluation.statement.slips import slips


class Careless:
    """Loses every number, and adds a diagnosis."""

    name, languages, leaves_server = "careless", frozenset({"en", "de"}), False

    def refine(self, text, language):
        return Refined("".join(sign for sign in text if not sign.isdigit()) + " This is dangerous.", (), self.name)


def test_there_are_sixty_statements_in_two_languages():
    assert len(statements()) >= 60
    assert {written.language for written in statements()} == {"en", "de"}
    assert all(written.facts for written in statements())


def test_the_rules_keep_every_fact_and_add_nothing():
    results = refine_all(statements(), Rules())
    assert [result.missing for result in results if result.missing] == []
    assert [result.added for result in results if result.added] == []


def test_a_careless_refiner_is_found_out():
    metrics = compute_metrics(refine_all(statements(), Careless()), [])
    assert metrics["facts_kept"].value < 1
    assert metrics["nothing_added"].value == 0


def test_no_wrong_wording_passes_the_check():
    metrics = compute_metrics(refine_all(statements(), Rules()), pairs())
    assert metrics["wrong_wordings_accepted"].value == 0
    assert metrics["careless_slips_accepted"].value == 0
    assert metrics["right_wordings_refused"].value < 0.15
    assert metrics.keys() == MEANINGS.keys()


def test_a_check_that_accepts_a_wrong_wording_is_counted():
    wrong = [Pair("en:1", "en", "It is dry.", "It is dry.", is_same=False)]
    assert compute_metrics(refine_all(statements()[:2], Rules()), wrong)["wrong_wordings_accepted"].value == 1


def test_a_fact_is_found_whatever_its_case_and_blanks():
    written = Written("de:1", "de", "die naht", ("Schweißnaht", "Kiel"))
    result = Result(written, Refined("Die  SCHWEISSNAHT.", (), "of a test"))
    assert result.missing == ["Kiel"]


def test_a_slip_changes_its_sentence_and_repeats_nothing():
    sentence = "No rust at the keel, 4 spots to port, not rust."
    found = dict(slips(sentence, "en"))
    assert sentence not in found.values()
    assert found["number + 1"] == sentence.replace("4", "5")
    assert "added, not rust" not in found


def test_no_spoken_sentence_is_there_twice():
    assert len(set(spoken_sentences())) == len(spoken_sentences()) >= 30
