"""Test the proposal of a clearer wording: asked for, made by a worker, and decided by the owner."""

import pytest
from django.utils import timezone

from accounts.identity.documents import STATEMENT_SENDING, give_consent
from dossiers.drafts.refining import refine_next
from dossiers.models import Refinement
from dossiers.statement.failures import Refused, Unavailable
from testing.dossiers import draft_of, final_of
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
WORDS = "There is, like, rust below the waterline I think."


def ask(phone, dossier):
    return phone.post(f"/dossiers/{dossier.pk}/statement/refine")


def proposal(phone, dossier):
    return phone.get(f"/dossiers/{dossier.pk}").json()["refinement"]


def test_a_proposal_stands_beside_the_statement_until_the_owner_decides(phone, owner, engines):
    dossier = draft_of(owner, statement=WORDS)
    answer = ask(phone, dossier)
    assert answer.status_code == 202
    assert answer.json()["refinement"] == {"state": "pending", "text": None, "changes": [], "engine": None}
    assert refine_next()
    assert proposal(phone, dossier) == {
        "state": "done",
        "text": "Rust below the waterline.",
        "changes": [{"before": WORDS, "after": "Rust below the waterline."}],
        "engine": "standin 1",
    }
    assert phone.get(f"/dossiers/{dossier.pk}").json()["statement"] == WORDS
    assert not refine_next()


def test_accepting_it_names_the_program_in_the_document(phone, owner, engines):
    dossier = draft_of(owner, statement=WORDS)
    ask(phone, dossier)
    refine_next()
    body = phone.patch(f"/dossiers/{dossier.pk}", {"statement": "Rust below the waterline."}).json()
    assert body["refinement"] is None
    dossier.refresh_from_db()
    assert dossier.refiner == "standin 1"


def test_another_statement_ends_the_proposal(phone, owner, engines):
    dossier = draft_of(owner, statement=WORDS)
    ask(phone, dossier)
    phone.patch(f"/dossiers/{dossier.pk}", {"statement": "Other words."})
    assert not refine_next()
    assert proposal(phone, dossier) is None


def test_a_proposal_for_words_that_were_changed_meanwhile_is_dropped(phone, owner, engines):
    dossier = draft_of(owner, statement=WORDS)
    ask(phone, dossier)
    real = engines[False].refine

    def changed_meanwhile(text, language):
        phone.patch(f"/dossiers/{dossier.pk}", {"statement": "Other words."})
        ask(phone, dossier)
        return real(text, language)

    engines[False].refine = changed_meanwhile
    refine_next()
    assert Refinement.objects.get().source == "Other words."
    assert proposal(phone, dossier)["state"] == "pending"


def test_asking_again_for_the_same_words_keeps_what_there_is(phone, owner, engines):
    dossier = draft_of(owner, statement=WORDS)
    ask(phone, dossier)
    refine_next()
    assert ask(phone, dossier).json()["refinement"]["state"] == "done"
    assert not refine_next()


def test_without_a_statement_there_is_nothing_to_refine(phone, owner):
    assert refused(ask(phone, draft_of(owner)), 409, "NOT_ELIGIBLE")["reason"] == "no_statement"
    assert refused(ask(phone, final_of(owner)), 409, "NOT_ELIGIBLE")["reason"] == "not_a_draft"


def test_an_outage_costs_no_attempt_and_a_refusal_ends_it(phone, owner, engines):
    dossier = draft_of(owner, statement=WORDS)
    ask(phone, dossier)
    engines[False].failure = Unavailable("503")
    assert refine_next()
    assert Refinement.objects.get().attempts == 0
    Refinement.objects.update(due_at=timezone.now())
    engines[False].failure = Refused("401")
    assert refine_next()
    assert proposal(phone, dossier)["state"] == "failed"
    engines[False].failure = None
    assert ask(phone, dossier).json()["refinement"]["state"] == "pending"


def test_what_kills_its_worker_is_given_up(phone, owner, engines):
    dossier, engines[False].failure = draft_of(owner, statement=WORDS), RuntimeError("killed")
    ask(phone, dossier)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            refine_next()
        Refinement.objects.update(due_at=timezone.now())
    assert not refine_next()
    assert proposal(phone, dossier)["state"] == "failed"


def test_the_words_leave_the_server_only_with_consent(phone, owner, engines):
    dossier = draft_of(owner, statement=WORDS)
    ask(phone, dossier)
    refine_next()
    assert (engines[True].seen, Refinement.objects.get().consent_version) == ([], "")
    give_consent(user=owner, document="statement_sending", version=STATEMENT_SENDING.version)
    phone.patch(f"/dossiers/{dossier.pk}", {"statement": "Other words."})
    ask(phone, dossier)
    refine_next()
    assert engines[True].seen == ["Other words."]
    assert Refinement.objects.get().consent_version == STATEMENT_SENDING.version


def test_a_day_has_a_limited_number_of_proposals(phone, owner, engines, settings):
    settings.REFINEMENTS_PER_DAY = 1
    dossier = draft_of(owner, statement=WORDS)
    assert ask(phone, dossier).status_code == ask(phone, dossier).status_code == 202  # the same one
    phone.patch(f"/dossiers/{dossier.pk}", {"statement": "Other words."})
    answer = ask(phone, dossier)
    assert refused(answer, 429, "RATE_LIMITED")["reason"] == "TOO_MANY_REFINEMENTS"
