"""The words of the chart by the code of their language."""

from collections.abc import Mapping
from typing import Final

from corrosion.timeline.chart.english import ENGLISH
from corrosion.timeline.chart.german import GERMAN
from corrosion.timeline.chart.words import ChartWords

WORDS: Final[Mapping[str, ChartWords]] = {"en": ENGLISH, "de": GERMAN}
