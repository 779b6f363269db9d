"""English, as owners speak and write of their boats."""

import re
from typing import Final

from dossiers.statement.reasons import KeptReason
from dossiers.statement.refinement.lexicon.base import Lexicon, facts_of, groups, plurals_of, words
from dossiers.statement.refinement.lexicon.numbers import english_number

_FACTS: Final = {
    KeptReason.NEGATION: """
        not no; never; none; nothing; nobody; without; neither nor; hardly barely scarcely
        """,
    KeptReason.DOUBT: """
        think believe thought believed reckon; guess suppose assume suspect suspected;
        maybe perhaps possibly might could may; probably likely presumably;
        seem seems seemed appear appears appeared apparently seemingly;
        about approximately roughly circa ca approx; almost nearly; unsure uncertain; doubt doubtful
        """,
    KeptReason.SIDE: """
        port; starboard; left; right
        """,
    KeptReason.COLOUR: """
        white whitish; black blackish; grey gray greyish grayish; red reddish; brown brownish; yellow yellowish;
        green greenish; blue bluish; orange; dark; pale
        """,
    KeptReason.SIZE: """
        small little; tiny; large big; huge enormous; smaller; larger bigger; smallest; largest biggest; long;
        short; wide broad; narrow; thick; thin; deep; shallow; slight slightly; light lightly; heavy heavily;
        severe severely; very
        """,
    KeptReason.NUMBER: """
        some; many; several; few; all every; each; both; most mostly; more; less fewer; half; quarter; once;
        twice; pair; couple; dozen; single; double; worse; worst; better; best
        """,
    KeptReason.MEASURE: """
        mm millimetre millimetres millimeter millimeters; cm centimetre centimetres centimeter centimeters;
        m metre metres meter meters; inch inches; foot feet ft; kg kilo kilos kilogram kilograms; % percent;
        degree degrees °; litre litres liter liters; bar; knot knots; hour hours; day days; week weeks;
        month months; year years
        """,
    KeptReason.DATE: """
        january jan; february feb; march; april apr; may; june jun; july jul; august aug; september sept sep;
        october oct; november nov; december dec; monday; tuesday; wednesday; thursday; friday; saturday; sunday;
        spring; summer; autumn fall; winter; season seasons; today; yesterday; tomorrow; ago; last; next; since;
        until till; before; after; during; still; yet; already; again; now; recently; always; often; sometimes;
        later; earlier; morning; afternoon; evening; night
        """,
    KeptReason.PLACE: """
        keel; bow; stern; transom; rudder; skeg; deck; bilge; waterline; propeller prop; shaft; bulkhead;
        seacock; cockpit; cabin; chainplate; mast; ladder; above over; below under underneath beneath;
        near beside; behind; between; inside; outside; forward; aft; front; along; around; middle centre center;
        edge edges; top; bottom
        """,
    KeptReason.DIAGNOSIS: """
        osmosis osmotic; corrosion corroded corrode corrodes corroding; rust rusty rusted rusting rusts;
        delamination delaminated delaminating; rot rotten rotting; damage damaged damages;
        defect defects defective faulty; failure failed fails; structural structurally; unsafe; safe; sound;
        seaworthy; unseaworthy; dangerous danger; electrolysis electrolytic; galvanic; pitting pitted; fatigue;
        leak leaks leaking leaked
        """,
}
_PHRASES: Final = """
    nobody no_one; near next_to close_to; starboard star_board starbord starbourd; waterline water_line;
    gelcoat gel_coat; antifouling anti_fouling antifoul anti_foul; seacock sea_cock; chainplate chain_plate;
    fibreglass fiber_glass fibre_glass; cannot can_not; many a_lot_of lots_of a_lot; filler you_know i_mean;
    because cos cuz; keel keal; rudder ruder; blister blisster; blisters blissters; definitely definately;
    separate seperate; receive recieve; corrosion corossion corrotion
    """
_SYNONYMS: Final = """
    boat vessel; photo photograph picture image photos photographs pictures images; see saw seen sees seeing;
    begin start; fibreglass fiberglass; aluminium aluminum; colour color
    """
# The singular, then the plural.
_COUNTED: Final = """
    blister blisters; spot spots; crack cracks; stain stains; hole holes; dent dents; weld welds; anode anodes;
    area areas; patch patches; mark marks; line lines; frame frames; scratch scratches; boat boats; photo photos;
    photograph photographs; picture pictures; plate plates; side sides; season seasons
    """
_PAST: Final = """
    come came; go went gone; take took taken; grow grew grown; find found; stand stood; tell told; build built;
    buy bought; begin began begun; break broke broken; fall fell fallen; wear wore worn; get got gotten;
    make made; lose lost; feel felt; keep kept; show shown; become became; run ran; say said; give gave given;
    know knew known; write wrote written; see saw seen
    """
_TENSES: Final = """
    present is are am has have do does; past was were had did; future will shall
    """
# Not among them: or, if, than, from, only, out, off, can, must. They change what is said.
_HARMLESS: Final = """
    a an the this that these those there here it its they them their theirs which who whom whose what where when how
    and but so as then also of in on at to with by for into onto be being been please having any s d
    """
_FILLERS: Final = "filler um umm uh uhm uhh er erm hmm hm mm well really actually basically just okay ok yeah"
_UNSTEMMED: Final = re.compile(r"(?:ss|us|is)$")
_DOUBLED: Final = re.compile(r"([bdfglmnprt])\1$")


def stem(word: str) -> str:
    """Return what a word shares with its other forms: blisters, blister; painted, painting, paints."""
    for ending, shortest, instead in (("ies", 5, "y"), ("ied", 5, "y"), ("ing", 6, ""), ("ed", 5, ""), ("es", 5, "e")):
        if word.endswith(ending) and len(word) >= shortest:
            return _bare(word[: -len(ending)] + instead)
    if word.endswith("s") and len(word) > 3 and not _UNSTEMMED.search(word):
        return _bare(word[:-1])
    return _bare(word)


def _bare(word: str) -> str:
    return _DOUBLED.sub(r"\1", word.removesuffix("e"))


def is_past(word: str) -> bool:
    return word.endswith("ed") and len(word) > 4


ENGLISH: Final = Lexicon(
    language="en",
    facts=facts_of(_FACTS),
    phrases=groups(_PHRASES),
    synonyms=groups(_SYNONYMS),
    plurals=plurals_of(_COUNTED),
    past={form: present for form, present in groups(_PAST).items() if form != present},
    tenses=groups(_TENSES),
    fillers=words(_FILLERS),
    harmless=words(_HARMLESS),
    stem=stem,
    is_past=is_past,
    number_of=english_number,
)
