"""The chart's words in English."""

from typing import Final

from corrosion.timeline.chart.scale import NOT_CLEAR
from corrosion.timeline.chart.words import ChartWords
from corrosion.vocabulary import MaintenanceKind, Trend
from inspections.modes.corrosion.vocabulary import CoverageBand

ENGLISH: Final = ChartWords(
    title="Corrosion timeline of {name}",
    unnamed="the unnamed vessel",
    empty="There is no completed inspection of this vessel yet.",
    pending="Some comparisons are still being computed.",
    point="Point {index}",
    limits="This shows what the photos show, not the plate behind the paint.",
    summary="Coverage bands from {first} to {last}. Points: {points}. Visits: {visits}. Maintenance entries: {events}.",
    summary_of_point="{point}: {band} on {day}. {since}",
    since="From {first} to {last}: {change}.",
    one_visit="One visit since {first}.",
    rows={
        CoverageBand.HEAVY: "heavy",
        CoverageBand.MODERATE: "moderate",
        CoverageBand.LIGHT: "light",
        CoverageBand.TRACE: "trace",
        CoverageBand.NONE: "none",
        NOT_CLEAR: "not clear",
    },
    changes={
        Trend.WORSENING: "the area looks larger",
        Trend.IMPROVING: "the area looks smaller",
        Trend.STABLE: "no change of area is seen",
        None: "not compared",
    },
    kinds={
        MaintenanceKind.BLASTED: "blasted, a new baseline",
        MaintenanceKind.PAINTED: "painted, a new baseline",
        MaintenanceKind.ANODES: "anodes replaced",
        MaintenanceKind.CLEANED: "cleaned",
    },
    whole_vessel="whole vessel",
    events="Maintenance",
    event="{number}   {day}   {kind} ({where})",
    legend=(
        "area looks larger than at the visit before",
        "area looks smaller",
        "no change seen",
        "cannot be compared",
        "still being compared",
        "first visit to a new surface",
        "low confidence",
        "blasted or painted",
        "other maintenance",
    ),
)
