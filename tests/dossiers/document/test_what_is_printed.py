"""Test that a document says all that it was given, worst point first, and keeps facts apart from words of others."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from dossiers.document.content import Language, Paper, Statement, StatementOrigin
from dossiers.document.wording.registry import OF_MODE, SHARED
from inspections.vocabulary import ConfidenceLevel, Mode, SignalDetected
from testing.samples.sample_dossiers import STATEMENT, sample_dossier
from tests.dossiers.document.reading import pages_of, pdf_of, text_of
from tests.dossiers.document.test_wording import OTHER, spoken

EDITIONS = [(mode, language) for mode in ("corrosion", "osmosis") for language in ("en", "de")]


@pytest.mark.parametrize(("mode", "language"), EDITIONS)
def test_vessel_statement_models_and_disclaimer_are_printed(mode, language):
    text, content = text_of(pdf_of(mode, language)), sample_dossier(mode=Mode(mode))
    for printed in ("Tern", "1987", "NL-ABC12345D687", "Harlingen", "Waterline amidships", "Fairphone 5", "Android 15"):
        assert printed in text
    for paragraph in STATEMENT.split("\n\n"):
        assert paragraph in text
    assert content.visits[0].model_version in text
    assert content.visits[0].explanation in text
    assert content.disclaimer.text in text
    assert content.verification_url in text.replace(" ", "")


@pytest.mark.parametrize(("mode", "language"), EDITIONS)
def test_the_hash_of_every_original_is_printed_whole(mode, language):
    text = text_of(pdf_of(mode, language))
    photos = [
        photo for visit in sample_dossier(mode=Mode(mode)).visits for point in visit.points for photo in point.photos
    ]
    assert len(photos) == 12
    for photo in photos:
        assert photo.sha256 in text


@pytest.mark.parametrize(("mode", "language"), EDITIONS)
def test_every_limitation_is_printed(mode, language):
    text = text_of(pdf_of(mode, language))
    own = OF_MODE[Mode(mode), Language(language)]
    assert len(own.limits) >= 5
    for sentence in (*own.limits, own.bands_note):
        assert sentence in text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("mode", Mode)
def test_no_word_of_the_other_mode_stands_in_a_whole_document(mode, language):
    text = text_of(pdf_of(str(mode), str(language), visits=2))
    for paragraph in STATEMENT.split("\n\n"):  # the owner may say what they like
        text = text.replace(paragraph, "")
    assert not spoken(OTHER[mode], text)
    assert spoken(mode, text)


def test_the_worst_point_comes_first_and_a_hint_after_what_is_surer():
    content = sample_dossier(points=5)
    first, *_ = content.visits
    levels = (ConfidenceLevel.HIGH, ConfidenceLevel.LOW, ConfidenceLevel.HIGH, ConfidenceLevel.HIGH, None)
    points = tuple(replace(point, confidence_level=level) for point, level in zip(first.points, levels, strict=True))
    text = text_of(replace(content, visits=(replace(first, points=points),)))
    order = re.findall(r"Point (\d): ", text[text.index("Points, worst first") :])
    # moderate, light, trace, then heavy as a hint, then none
    assert list(dict.fromkeys(order)) == ["4", "1", "5", "2", "3"]


def test_each_page_has_its_number_and_their_count():
    pages = pages_of(pdf_of())
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page


def test_the_summary_names_the_page_of_each_point():
    pages = pages_of(pdf_of())
    [page] = re.findall(r"Point 2 \(Waterline amidships\)\s+seen\s+heavy\s+medium\s+(\d+)", pages[0])
    assert "Point 2: Waterline amidships" in pages[int(page) - 1]


def test_the_list_names_the_page_of_each_photo_and_why_one_was_left_out():
    text = text_of(pdf_of())
    assert "left out: blurred" in text
    assert "11 of 12 photos were used." in text
    assert "Left out: Mid photo of Point 3 (Rudder heel) (blurred)." in text


@pytest.mark.parametrize("visits", [1, 3])
def test_a_photo_without_marks_is_not_said_to_have_some(visits):
    content = sample_dossier(visits=visits, points=3)
    clean = [replace(visit, points=visit.points[2:]) for visit in content.visits]
    marked = [replace(visit, points=visit.points[1:2]) for visit in content.visits]
    for shown, has_marks in ((clean, False), (marked, True)):
        text = text_of(replace(content, visits=tuple(shown), timeline=None))
        assert ("Hatched in blue" in text) is has_marks
        assert (", marked up" in text) is has_marks


def test_a_warning_of_the_photo_check_stands_in_the_list():
    content = sample_dossier(points=1)
    point = content.visits[0].points[0]
    warned = replace(point.photos[0], warnings=("slightly_blurred", "not_known_here"))
    points = (replace(point, photos=(warned, *point.photos[1:])),)
    text = text_of(replace(content, visits=(replace(content.visits[0], points=points),)))
    assert text.count("slightly blurred") == 1
    assert "not_known_here" not in text


def test_a_point_without_a_usable_photo_is_named_as_not_read():
    content = sample_dossier()
    first, second, *others = content.visits[0].points
    unread = replace(
        second,
        signal_detected=SignalDetected.INCONCLUSIVE,
        doubts=("no_usable_photo",),
        photos=tuple(replace(photo, used=False, reasons=("too_dark",), pictures=None) for photo in second.photos),
    )
    text = text_of(replace(content, visits=(replace(content.visits[0], points=(first, unread, *others)),)))
    assert "3 of 4 points could be read." in text
    assert "Not read: Point 2 (Waterline amidships). too dark" in text
    assert "Why inconclusive, 12 April 2025: no usable photo" in text
    assert "No photo of this point is printed." in text


def test_a_point_of_another_visit_is_named_as_not_photographed():
    content = sample_dossier(visits=2)
    newest = content.visits[-1]
    text = text_of(replace(content, visits=(content.visits[0], replace(newest, points=newest.points[:3]))))
    assert "Not photographed on this visit: Point 4 (Keel, starboard)." in text


@pytest.mark.parametrize(
    ("statement", "origin"),
    [
        (Statement(text="A word."), "Typed by the owner."),
        (
            Statement(text="A word.", origin=StatementOrigin.TRANSCRIBED, transcriber="pocketsphinx 5.1"),
            "Spoken by the owner, transcribed by software (pocketsphinx 5.1) and approved by the owner.",
        ),
        (
            Statement(text="A word.", origin=StatementOrigin.REFINED, transcriber="t", refiner="rules 1"),
            "transcribed by software (t) and approved by the owner. Reworded by software (rules 1)",
        ),
        (None, "The owner made no statement."),
    ],
)
def test_a_statement_is_marked_as_the_owners_with_its_origin(statement, origin):
    text = text_of(replace(sample_dossier(points=1), statement=statement))
    section = text[text.rindex("Statement of the owner") :]
    assert section.index("Owner's words") < section.index(origin)
    assert "It was not checked against the photos." in section or statement is None


def test_only_the_mode_that_follows_a_hull_over_time_prints_a_chart():
    with_chart, without = text_of(pdf_of(visits=2)), text_of(pdf_of("osmosis", visits=2))
    assert "Corrosion timeline of Tern" in with_chart
    assert "Course over time" in with_chart
    assert "blasted or painted in between" in with_chart
    assert "Two coats of primer by the yard" in with_chart
    assert "Course over time" not in without
    assert "The last photo was taken up to 50 minutes after lift-out." in without
    assert "lift-out" not in with_chart


def test_the_chart_of_a_german_document_is_german():
    text = text_of(pdf_of("corrosion", "de", visits=2))
    assert "Verlauf des Rosts: Tern" in text
    assert "timeline" not in text.lower()


def test_times_are_printed_in_the_time_zone_with_its_offset():
    text = text_of(pdf_of())
    assert "12 April 2025, 11:30 (UTC+02:00)" in text
    assert "taken 12 Apr 2025, 10:53" in text
    german = text_of(pdf_of("corrosion", "de"))
    assert "12. April 2025, 11:30 Uhr (UTC+02:00)" in german
    assert "aufgenommen 12.04.2025, 10:53" in german


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_every_page_has_the_size_of_the_paper(paper, size):
    for page in PdfReader(BytesIO(pdf_of(paper=paper))).pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_a_disclaimer_is_printed_with_the_version_that_was_accepted():
    content = sample_dossier(points=1, language=Language.DE)
    accepted = replace(content.disclaimer, version="7", accepted_at=datetime(2026, 2, 1, tzinfo=UTC))
    text = text_of(replace(content, disclaimer=accepted))
    assert "Fassung 7, vom Eigner angenommen am 1. Februar 2026. Auf Englisch" in text
    assert "Fassung 7." in text_of(replace(content, disclaimer=replace(accepted, accepted_at=None)))


def test_more_than_sixty_photos_are_listed_and_the_document_says_so():
    content = sample_dossier(visits=6, points=4)
    printed = 0
    visits = []
    for visit in reversed(content.visits):
        points = []
        for point in visit.points:
            photos = []
            for photo in point.photos:
                keep = printed < 60 and photo.used
                printed += keep
                photos.append(photo if keep else replace(photo, pictures=None))
            points.append(replace(point, photos=tuple(photos)))
        visits.append(replace(visit, points=tuple(points)))
    text = text_of(replace(content, visits=tuple(visits)))
    assert "60 of 71 used photos are printed" in text
    for visit in content.visits:
        for point in visit.points:
            assert all(photo.sha256 in text for photo in point.photos)


def test_what_is_missing_is_named_or_left_away_and_never_invented():
    content = sample_dossier(points=1)
    visit, vessel = content.visits[0], content.vessel
    bare = tuple(
        replace(
            photo,
            taken_at=None,
            received_at=None,
            device_model="",
            os="",
            app_version="",
            byte_size=None,
            content_type="",
        )
        for photo in visit.points[0].photos
    )
    text = text_of(
        replace(
            content,
            vessel=replace(vessel, name="", hull_material="", length_m=None, built_year=None, hull_id="", home_port=""),
            visits=(
                replace(
                    visit,
                    label="",
                    context=type(visit.context)(),
                    points=(replace(visit.points[0], label="", photos=bare, confidence_level=None),),
                ),
            ),
        )
    )
    assert "Unnamed vessel" in text
    assert text.count("not noted") == 5
    assert "Point 1" in text
    assert "None" not in text
    assert "()" not in text


def test_a_document_of_ten_visits_is_whole():
    content = sample_dossier(visits=10, points=2)
    chosen = tuple(replace(visit, submitted_at=visit.submitted_at + timedelta(seconds=1)) for visit in content.visits)
    text = text_of(replace(content, visits=chosen))
    assert text.count("Visit of ") >= 20
    assert SHARED[Language.EN].cover.no_survey in text


def test_the_paper_changes_nothing_but_the_layout():
    one, other = (set(text_of(pdf_of(paper=str(paper))).split()) for paper in Paper)
    assert {word for word in one ^ other if not word.isdigit() and "MFRGGZ" not in word} == set()
