"""Test that what owners write is printed literally, in every script, inside the page, or refused by its characters."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from dossiers.document import plain_text
from dossiers.document.content import DossierContent, Statement
from dossiers.document.errors import UndrawableText
from dossiers.document.fonts import FIXED_WIDTH, TEXT_FAMILIES, shipped_fonts, undrawable
from dossiers.document.render import render_pdf
from testing.samples.sample_dossiers import sample_dossier
from tests.dossiers.document.reading import fonts_of, pages_of, pictures_of_pages, place_of, text_of

MARKUP = (
    '#panic("x") #read("/etc/passwd") #import "@preview/x:1.0.0" #eval("1+1") #sys.version\n'
    "*bold* _kursiv_ `raw` $x^2$ = Heading - item + item / term: x @photo-1 <label> [content] {code}\n"
    "// comment /* block */ \\ -- --- ... ~ ' \" \\u{1F600} https://example.org \\#hash"
)
SCRIPTS = {
    "arabic": "سفينة البحر",
    "hebrew": "סירת מפרש",
    "greek": "Αργοναύτης",
    "cyrillic": "Чайка",
    "devanagari": "नौका",
    "thai": "เรือใบ",
    "chinese": "海王号",
    "japanese": "かもめ丸",
    "korean": "갈매기호",
    "georgian": "გემი",
    "armenian": "Նավ",
    "vietnamese": "Thuyền buồm",
    "emoji": "⛵ Tern 🚤👍🏽 👨‍👩‍👧 🇳🇱 ☀️",
    "symbols": "№1 → ½ € “Tern” – ± ≈ ✓ ★ ♥",
}


def with_statement(text: str) -> DossierContent:
    return replace(sample_dossier(points=1), statement=Statement(text=text))


def with_name(name: str) -> DossierContent:
    content = sample_dossier(points=1)
    return replace(content, vessel=replace(content.vessel, name=name))


def test_markup_is_printed_literally_and_runs_nothing():
    text = text_of(with_statement(MARKUP)).replace(" ", "")
    for line in MARKUP.splitlines():
        assert line.replace(" ", "") in text


@pytest.mark.parametrize("field", ["name", "hull_id", "home_port"])
def test_markup_in_a_detail_of_the_vessel_is_printed_literally(field):
    hostile = '#eval("1") *x* <y> @z'
    content = sample_dossier(points=1)
    assert hostile in text_of(replace(content, vessel=replace(content.vessel, **{field: hostile})))


def test_markup_in_a_label_is_printed_literally():
    content = sample_dossier(points=1)
    visit = content.visits[0]
    labelled = replace(visit, points=(replace(visit.points[0], label="#bow[*] {index} \\ $x$"),))
    assert "Point 1: #bow[*] {index} \\ $x$" in text_of(replace(content, visits=(labelled,)))


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=list(SCRIPTS))
def test_a_name_in_any_script_is_drawn(name):
    pdf = render_pdf(with_name(name))
    title = PdfReader(BytesIO(pdf)).metadata.title
    assert name in title
    unseen = set(" \u200d\ufe0f")
    read = set(text_of(pdf))
    # What a reader extracts from joined letters may be another form of them.
    if name not in (SCRIPTS["arabic"], SCRIPTS["hebrew"], SCRIPTS["devanagari"], SCRIPTS["thai"], SCRIPTS["emoji"]):
        assert set(name) - unseen <= read
    assert all("NotoSans" in font or "NotoEmoji" in font or "DejaVu" in font for font in fonts_of(pdf))


@pytest.mark.parametrize("script", ["arabic", "hebrew", "japanese", "emoji"])
def test_a_label_in_any_script_is_drawn_in_the_chart_too(script):
    content = sample_dossier(points=1, visits=2)
    timeline = content.timeline
    assert timeline is not None
    named = replace(timeline, svg=timeline.svg.replace("Bow, port side", SCRIPTS[script]))
    assert len(fonts_of(render_pdf(replace(content, timeline=named)))) > len(fonts_of(render_pdf(content)))


def test_a_statement_from_right_to_left_stands_on_the_right():
    """The same text in Latin letters is on the left: the control."""
    _, right = place_of(render_pdf(with_statement("שלום")), "ש")
    left, _ = place_of(render_pdf(with_statement("Wxyz")), "Wxyz")
    assert left < 0.2
    assert right > 0.85


@pytest.mark.parametrize("character", ["\U00013000", "\ue000", "\x07", "\U0001fffe", "\u0378"])
def test_a_character_without_a_glyph_is_refused_by_its_name_and_never_dropped(character):
    with pytest.raises(UndrawableText) as refused:
        render_pdf(with_name(f"Tern {character}"))
    assert refused.value.characters == (character,)
    assert refused.value.where == "vessel.name"
    assert f"U+{ord(character):04X}" in str(refused.value)


@pytest.mark.parametrize(
    ("where", "changed"),
    [
        ("statement", lambda content: replace(content, statement=Statement(text="\ue000"))),
        (
            "label of point 1",
            lambda content: replace(
                content,
                visits=(replace(content.visits[0], points=(replace(content.visits[0].points[0], label="\ue000"),)),),
            ),
        ),
        (
            "explanation",
            lambda content: replace(content, visits=(replace(content.visits[0], explanation="x \ue000"),)),
        ),
    ],
)
def test_a_refusal_names_the_field(where, changed):
    with pytest.raises(UndrawableText) as refused:
        render_pdf(changed(sample_dossier(points=1)))
    assert refused.value.where in (where, "text")


def test_letters_that_no_font_draws_together_are_refused_too():
    """Both characters have glyphs, in different fonts; the typesetter finds that none draws the pair."""
    pair = "א\u0301"
    if undrawable(pair):
        pytest.fail("each of the characters has a glyph")
    try:
        text = text_of(with_name(pair))
    except UndrawableText:
        return
    assert "א" in text


@pytest.mark.parametrize("word", ["w" * 120, "Schiff" * 40, "👍" * 80, "é" * 200, "MMMMMMMMMM" * 12])
def test_a_word_too_long_for_a_line_stays_inside_the_page(word):
    content = with_name(word[:120])
    visit = content.visits[0]
    labelled = replace(
        visit, label=word[:120], points=(replace(visit.points[0], label=word[:120]),), model_version="m" * 120
    )
    pdf = render_pdf(replace(content, visits=(labelled,), statement=Statement(text=f"{word} end")))
    assert margins_are_blank(pdf)
    assert word[:20] in "".join(text_of(pdf).split())


def test_a_word_that_no_line_break_may_part_would_reach_the_margin(monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(plain_text, "breakable", lambda text: text)
    assert not margins_are_blank(render_pdf(with_statement("w" * 120)))


def margins_are_blank(pdf: bytes) -> bool:
    """Return whether nothing is drawn within 15 mm of the left and right edges of any page."""
    border = round(15 / 25.4 * 40)
    return all(min(picture[:, :border].min(), picture[:, -border:].min()) > 250 for picture in pictures_of_pages(pdf))


def test_line_ends_and_empty_lines_of_a_statement_stay():
    pages = pages_of(render_pdf(with_statement("first line\r\nsecond line\n\n\nnext\tparagraph")))
    page = next(page for page in pages if "first line" in page)
    assert "first line\nsecond line\nnext paragraph" in page


def test_a_statement_of_many_pages_is_printed_whole():
    words = [f"Word{number}." for number in range(4000)]
    text = text_of(with_statement(" ".join(words)))
    assert all(word in text for word in words)


def test_every_family_is_installed():
    assert {*TEXT_FAMILIES, FIXED_WIDTH} <= set(shipped_fonts().families())


def test_every_character_of_our_own_words_is_drawn():
    for text in ("abcxyzÄÖÜäöüß éèñ øå", "–·“”„‚’…×→", "0123456789"):
        assert undrawable(text) == ()
