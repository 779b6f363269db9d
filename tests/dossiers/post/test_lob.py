"""Test the client of Lob: what it sends, what it understands, and what it makes of each failure."""

from uuid import uuid4

import pytest
from lob_python.model.intl_verification import IntlVerification
from lob_python.model.intl_verification_writable import IntlVerificationWritable
from lob_python.model.letter import Letter
from lob_python.model.letter_deletion import LetterDeletion
from lob_python.model.letter_editable import LetterEditable
from lob_python.model.letter_list import LetterList
from lob_python.model.us_verification import UsVerification
from lob_python.model.us_verifications_writable import UsVerificationsWritable

from dossiers.post.lob import LobService
from dossiers.post.ports import Deliverability, PostalAddress, Progress, Refused, Unavailable
from dossiers.post.registry import letter_service
from testing.fake_lob import Fault
from testing.fake_lob.faults import LIMITED_SECONDS
from testing.letters import ABROAD, ADDRESS, pdf_of
from testing.schemas.lob_schema import faults_of_lob, nested

HOME, FOREIGN = PostalAddress.of(ADDRESS), PostalAddress.of(ABROAD)
PDF = b"%PDF-1.7 /MediaBox [0 0 612 792] /Type/Pages/Count 2"


@pytest.fixture
def service(lob) -> LobService:
    found = letter_service()
    assert isinstance(found, LobService)
    return found


def test_letters_are_off_without_a_setting(settings):
    assert letter_service() is None


def test_a_letter_is_made_once_for_its_id_and_found_by_it(service, lob):
    delivery_id = uuid4()
    assert service.find(delivery_id) is None
    first = service.send(delivery_id, to=HOME, pdf=PDF)
    assert service.send(delivery_id, to=HOME, pdf=PDF) == first
    assert service.find(delivery_id) == service.read(first.ref) == first
    assert [each["metadata"] for each in lob.standing()] == [{"delivery_id": str(delivery_id)}]
    assert lob.files[first.ref] == PDF


@pytest.mark.parametrize(("to", "country"), [(HOME, "UNITED STATES"), (FOREIGN, "GERMANY")])
def test_what_is_sent_is_a_letter_of_lobs_library(to, country, service, lob):
    service.send(uuid4(), to=to, pdf=PDF)
    sent = nested(lob.requests[-1][2])
    assert sent.pop("file") == PDF  # its class takes the text of a file only
    for name in ("color", "double_sided"):
        sent[name] = sent[name] == "true"  # a form knows no other types
    assert list(faults_of_lob(sent, LetterEditable)) == []
    assert lob.standing()[0]["to"]["address_country"] == country


@pytest.mark.parametrize(
    ("to", "model"), [(HOME, UsVerificationsWritable), (FOREIGN, IntlVerificationWritable)], ids=["us", "intl"]
)
def test_what_is_asked_about_an_address_is_of_lobs_library(to, model, service, lob):
    assert service.check(to) is Deliverability.DELIVERABLE
    assert list(faults_of_lob(lob.requests[-1][2], model)) == []


def test_the_fake_answers_with_objects_of_lobs_library(service, lob):
    letter = service.send(uuid4(), to=HOME, pdf=PDF)
    lob.advance(letter.ref, "letter.mailed")
    service.read(letter.ref)
    service.find(uuid4())
    other = service.send(uuid4(), to=HOME, pdf=PDF)
    service.cancel(other.ref)
    for to in (HOME, FOREIGN):
        service.check(to)
    models = {
        "letter": Letter, "list": LetterList, "letter_deleted": LetterDeletion,
        "us_verification": UsVerification, "intl_verification": IntlVerification,
    }  # fmt: skip
    assert {answer["object"] for answer in lob.answers} == set(models)
    for answer in lob.answers:
        assert list(faults_of_lob(answer, models[answer["object"]])) == []


def test_the_comparison_with_lobs_library_finds_what_it_lacks():
    wrong = {"colour": True, "color": "true", "address_placement": "on the back", "to": {"name": "A" * 41}}
    assert [fault.partition(":")[0] for fault in faults_of_lob(wrong, LetterEditable)] == [
        "LetterEditable.colour", "LetterEditable.color", "LetterEditable.address_placement", "LetterEditable.to",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "at_home", "abroad"),
    [
        ("missing_unit", Deliverability.INCOMPLETE, Deliverability.INCOMPLETE),
        ("undeliverable", Deliverability.UNDELIVERABLE, Deliverability.UNDELIVERABLE),
    ],
)
def test_an_address_is_judged(line, at_home, abroad, service):
    assert service.check(PostalAddress.of({**ADDRESS, "lines": [line]})) is at_home
    assert service.check(PostalAddress.of({**ABROAD, "lines": [line]})) is abroad


@pytest.mark.parametrize(
    ("kind", "progress"),
    [
        ("letter.mailed", Progress.IN_TRANSIT),
        ("letter.re-routed", Progress.IN_TRANSIT),
        ("letter.delivered", Progress.DELIVERED),
        ("letter.returned_to_sender", Progress.RETURNED),
        ("letter.failed", Progress.FAILED),
    ],
)
def test_the_letter_says_how_far_it_is(kind, progress, service, lob):
    ref = service.send(uuid4(), to=HOME, pdf=PDF).ref
    lob.advance(ref, kind)
    assert service.read(ref).progress is progress


def test_what_came_back_and_arrived_at_the_sender_is_returned(service, lob):
    ref = service.send(uuid4(), to=HOME, pdf=PDF).ref
    for kind in ("letter.delivered", "letter.returned_to_sender", "letter.delivered"):
        lob.advance(ref, kind)
    assert service.read(ref).progress is Progress.RETURNED


def test_a_letter_is_cancelled_until_it_is_printed(service, lob):
    early, late = (service.send(uuid4(), to=HOME, pdf=PDF).ref for _ in range(2))
    lob.print_letter(late)
    assert [service.cancel(early), service.cancel(early), service.cancel(late)] == [True, True, False]
    assert [service.read(ref).progress for ref in (early, late)] == [Progress.CANCELLED, Progress.ACCEPTED]


def test_a_letter_that_the_account_does_not_know_is_neither_printed_nor_cancelled(service):
    assert service.read("ltr_0123456789abcdef") is None
    with pytest.raises(Unavailable):
        service.cancel("ltr_0123456789abcdef")


def test_a_service_that_ignores_the_filter_finds_no_letter_of_others(service, lob, monkeypatch):
    service.send(uuid4(), to=HOME, pdf=PDF)
    monkeypatch.setattr(lob, "_matching", lambda _: iter(lob.letters.values()))
    assert service.find(uuid4()) is None


def test_of_two_letters_the_one_that_stands_is_found(service, lob):
    delivery_id = uuid4()
    ref = service.send(delivery_id, to=HOME, pdf=PDF).ref
    service.cancel(ref)
    assert service.find(delivery_id).progress is Progress.CANCELLED


@pytest.mark.parametrize(
    ("change", "pdf"),
    [
        ({"lines": ["7" * 51]}, PDF),
        ({}, b"no PDF"),
        ({}, pdf_of(1)),
        ({}, PDF.replace(b"Count 2", b"Count 121")),
    ],
    ids=["long line", "no pdf", "A4", "too many pages"],
)
def test_a_letter_that_can_never_be_printed_is_refused(change, pdf, service, lob):
    with pytest.raises(Refused):
        service.send(uuid4(), to=PostalAddress.of({**ADDRESS, **change}), pdf=pdf)
    assert lob.letters == {}


@pytest.mark.parametrize("fault", list(Fault))
def test_every_failure_of_the_service_leaves_the_outcome_open(fault, service, lob):
    lob.fail(fault)
    with pytest.raises(Unavailable) as raised:
        service.send(uuid4(), to=HOME, pdf=PDF)
    assert raised.value.retry_after == (LIMITED_SECONDS if fault is Fault.LIMITED else None)
    assert len(lob.letters) == (fault is Fault.LOST)


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.CUT, Fault.LIMITED, Fault.FORBIDDEN])
def test_a_failure_says_nothing_about_the_letter(fault, service, lob):
    ref = service.send(uuid4(), to=HOME, pdf=PDF).ref
    for call in (lambda: service.read(ref), lambda: service.cancel(ref), lambda: service.find(uuid4())):
        lob.fail(fault)
        with pytest.raises(Unavailable):
            call()


def test_a_wrong_key_is_no_fault_of_the_letter(service, lob):
    lob.key = "test_another"
    with pytest.raises(Unavailable):
        service.send(uuid4(), to=HOME, pdf=PDF)


def test_no_error_quotes_the_address(service, lob, settings):
    settings.LOB_API_BASE = "http://127.0.0.1:9"
    unreachable = letter_service()
    for call in (lambda: unreachable.check(HOME), lambda: unreachable.send(uuid4(), to=HOME, pdf=PDF)):
        with pytest.raises(Unavailable) as raised:
            call()
        assert "King" not in str(raised.value)
        assert raised.value.__cause__ is None


def test_a_key_that_is_used_again_after_a_cancellation_makes_no_second_letter(service, lob):
    delivery_id = uuid4()
    ref = service.send(delivery_id, to=HOME, pdf=PDF).ref
    service.cancel(ref)
    again = service.send(delivery_id, to=HOME, pdf=PDF)
    assert (again.ref, again.progress) == (ref, Progress.CANCELLED)
