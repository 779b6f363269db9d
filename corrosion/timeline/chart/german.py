"""The chart's words in German."""

from typing import Final

from corrosion.timeline.chart.scale import NOT_CLEAR
from corrosion.timeline.chart.words import ChartWords
from corrosion.vocabulary import MaintenanceKind, Trend
from inspections.modes.corrosion.vocabulary import CoverageBand

GERMAN: Final = ChartWords(
    title="Verlauf des Rosts: {name}",
    unnamed="Schiff ohne Namen",
    empty="Es gibt noch keinen abgeschlossenen Rundgang um dieses Schiff.",
    pending="Einige Vergleiche werden noch berechnet.",
    point="Stelle {index}",
    limits="Dies zeigt, was die Fotos zeigen, nicht die Platte hinter der Farbe.",
    summary="Stufen vom {first} bis zum {last}. Stellen: {points}. Rundgänge: {visits}. Vermerkte Arbeiten: {events}.",
    summary_of_point="{point}: {band} am {day}. {since}",
    since="Vom {first} bis zum {last}: {change}.",
    one_visit="Ein Rundgang seit {first}.",
    rows={
        CoverageBand.HEAVY: "stark",
        CoverageBand.MODERATE: "mäßig",
        CoverageBand.LIGHT: "leicht",
        CoverageBand.TRACE: "Spuren",
        CoverageBand.NONE: "keiner",
        NOT_CLEAR: "unklar",
    },
    changes={
        Trend.WORSENING: "die Fläche wirkt größer",
        Trend.IMPROVING: "die Fläche wirkt kleiner",
        Trend.STABLE: "keine Änderung der Fläche zu sehen",
        None: "nicht verglichen",
    },
    kinds={
        MaintenanceKind.BLASTED: "gestrahlt, neuer Ausgangszustand",
        MaintenanceKind.PAINTED: "gestrichen, neuer Ausgangszustand",
        MaintenanceKind.ANODES: "Anoden getauscht",
        MaintenanceKind.CLEANED: "gereinigt",
    },
    whole_vessel="ganzes Schiff",
    events="Arbeiten am Rumpf",
    event="{number}   {day}   {kind} ({where})",
    legend=(
        "Fläche wirkt größer als zuvor",
        "Fläche wirkt kleiner",
        "keine Änderung zu sehen",
        "nicht vergleichbar",
        "Vergleich läuft noch",
        "erster Rundgang nach neuer Oberfläche",
        "geringe Gewissheit",
        "gestrahlt oder gestrichen",
        "andere Arbeiten",
    ),
)
