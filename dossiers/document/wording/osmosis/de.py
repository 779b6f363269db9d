"""The words of osmosis in German. "Passen zu", never "hat"."""

from typing import Final

from dossiers.document.wording.forms import ModeWords

WORDS: Final = ModeWords(
    title="Gelcoat, auf Anzeichen von Blasen fotografiert",
    band="Erhebungen, laut Fotos",
    bands={"none": "keine", "few": "wenige", "several": "mehrere", "many": "viele"},
    band_means={
        "none": "keine Erhebungen, die zu Blasen passen",
        "few": "wenige kleine",
        "several": "mehrere, voneinander getrennt",
        "many": "viele, dicht beieinander",
    },
    bands_note=(
        "Die Begriffe beschreiben den fotografierten Bereich, jeder für sich beurteilt; der auffälligste entscheidet, "
        "nie ein Mittelwert. Sie sind keine Grade nach ISO 4628-2 oder ASTM D714, die für Anstriche gemacht sind."
    ),
    signs={
        "few": "Die Fotos zeigen einige kleine Erhebungen, die zu Blasen im Gelcoat passen.",
        "several": "Die Fotos zeigen mehrere Erhebungen, die zu Blasen im Gelcoat passen.",
        "many": "Die Fotos zeigen viele Erhebungen, die zu Blasen im Gelcoat passen.",
    },
    no_signs="Die Fotos zeigen in den fotografierten Bereichen keine Erhebungen, die zu Blasen passen.",
    uncertain="Die Fotos zeigen das Relief des Gelcoats nicht deutlich genug, um zu sagen, ob es Erhebungen gibt.",
    unreadable="Kein Foto dieses Rundgangs konnte verwendet werden; über den Gelcoat lässt sich nichts sagen.",
    worst="Die meisten davon sind an {place}.",
    doubts={
        "angles_disagree": "ein Blickwinkel scheint Erhebungen zu zeigen, ein anderer desselben Bereichs nicht",
        "views_disagree": "zwei Durchgänge eines Fotos kamen zu verschiedenen Antworten",
        "unlike_training": "die Fotos sehen anders aus als die, die das Modell kennt",
        "not_a_hull": "ein Foto zeigt anscheinend etwas anderes als Gelcoat",
        "too_far": "ein Foto zeigt so viel vom Rumpf, dass einzelne Blasen nicht zu sehen wären",
        "unknown_colour": "ein Foto ist in Farben gespeichert, die das Modell nicht kennt",
        "unsure": "das Relief ist weder deutlich noch deutlich abwesend",
        "no_usable_photo": "kein Foto konnte verwendet werden",
    },
    guidance={
        "monitor": "den Gelcoat beobachten",
        "recheck_later": "den Gelcoat erneut fotografieren, bald nach dem nächsten Kranen",
        "consider_professional_survey": "den Gelcoat von Sachverständigen ansehen lassen",
    },
    marks="Blau eingekreist: Erhebungen, die nach der Lesart der Software zu Blasen passen.",
    no_marks="Die Software hat auf diesem Foto nichts eingekreist.",
    hull_materials={
        "grp": "glasfaserverstärkter Kunststoff (GFK)",
        "steel": "kein GFK",
        "aluminium": "kein GFK",
        "other": "anderes Material",
    },
    hauled_out="Gekrant",
    ashore="Zeit an Land",
    time_ashore="Das letzte Foto entstand bis zu {time} nach dem Kranen.",
    time_ashore_unknown="Wie lange nach dem Kranen die Fotos entstanden, ist nicht bekannt.",
    limits=(
        "Fotos zeigen nur die Oberfläche. Sie messen keine Feuchte, öffnen keine Blase und stufen keine ein.",
        (
            "Blasen zeigen sich am besten in den ersten zwei Stunden an Land und können danach schrumpfen. Dickes "
            "Antifouling verdeckt kleine."
        ),
        "Tropfen, Schmutz, Beschläge, Lufteinschlüsse und durchscheinende Fasern können wie Blasen aussehen.",
        (
            "Bisher wurde das Modell an gezeichneten Blasen in Fotos geprüft, nicht an Fotos von echten. Mehr als "
            "mittlere Gewissheit gibt es nie an."
        ),
        "Die Fotos enthalten keinen Maßstab; eine Größe in Millimetern folgt nicht aus ihnen.",
        "Der Eigner wählte die Bereiche und fotografierte sie allein.",
    ),
    course=None,
)
