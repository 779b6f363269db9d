"""The words of a language, and those of a mode in a language."""

from collections.abc import Mapping
from typing import Final

from dossiers.document.content import Language
from dossiers.document.wording.corrosion import de as corrosion_de
from dossiers.document.wording.corrosion import en as corrosion_en
from dossiers.document.wording.forms import ModeWords, Words
from dossiers.document.wording.osmosis import de as osmosis_de
from dossiers.document.wording.osmosis import en as osmosis_en
from dossiers.document.wording.shared import de, en
from inspections.vocabulary import Mode

SHARED: Final[Mapping[Language, Words]] = {Language.EN: en.WORDS, Language.DE: de.WORDS}
OF_MODE: Final[Mapping[tuple[Mode, Language], ModeWords]] = {
    (Mode.CORROSION, Language.EN): corrosion_en.WORDS,
    (Mode.CORROSION, Language.DE): corrosion_de.WORDS,
    (Mode.OSMOSIS, Language.EN): osmosis_en.WORDS,
    (Mode.OSMOSIS, Language.DE): osmosis_de.WORDS,
}
