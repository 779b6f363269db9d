"""The words of corrosion in German. "Passen zu", never "hat"."""

from typing import Final

from dossiers.document.wording.forms import CourseWords, ModeWords

COURSE: Final = CourseWords(
    title="Verlauf",
    intro=(
        "Zwei Rundgänge werden Foto für Foto mit demselben Modell verglichen. Über Strahlen oder Anstrich hinweg "
        "wird nichts verglichen, denn danach zeigen die Fotos eine andere Oberfläche."
    ),
    chart="Stufen je Rundgang und Stelle",
    changes_title="Änderungen zwischen den Rundgängen",
    point="Stelle",
    between="Zwischen",
    change="Änderung",
    trends={
        "worsening": "die Fläche wirkt größer",
        "stable": "keine Änderung der Fläche zu sehen",
        "improving": "die Fläche wirkt kleiner",
    },
    no_trend="nicht verglichen",
    reasons={
        "different_vessel": "unter verschiedenen Schiffen geführt",
        "maintenance_between": "dazwischen gestrahlt oder gestrichen",
        "point_missing": "nur bei einem der beiden Rundgänge fotografiert",
        "no_usable_photos": "bei mindestens einem Rundgang kein verwendbares Foto",
        "not_made_for_this_metal": "das angegebene Metall ist keines, für das der Vergleich gemacht ist",
        "no_common_angle": "nicht zweimal aus demselben Abstand fotografiert",
        "photos_unreadable": "die Fotos ließen sich nicht erneut öffnen",
        "photos_do_not_match": "die Fotos ließen sich nicht zur Deckung bringen",
        "too_uncertain": "die Fotos zeigen nicht deutlich genug, wie viel sich änderte",
        "could_not_be_compared": "der Vergleich schlug fehl",
        "identical_photos": "genau dieselben Dateien",
    },
    limits="Frische Farbe oder Reinigung kann eine Fläche kleiner wirken lassen, ohne dass sich darunter etwas ändert.",
    work_title="Vom Eigner vermerkte Arbeiten",
    day="Datum",
    kind="Arbeit",
    where="Wo",
    note="Notiz",
    kinds={
        "blasted": "gestrahlt; neuer Ausgangszustand",
        "painted": "gestrichen; neuer Ausgangszustand",
        "anodes": "Anoden getauscht",
        "cleaned": "gereinigt",
    },
    whole_vessel="ganzes Schiff",
    no_work="Der Eigner hat keine Arbeiten am Rumpf vermerkt.",
)

WORDS: Final = ModeWords(
    title="Metallrumpf, auf Anzeichen von Rost fotografiert",
    band="Rost, laut Fotos",
    bands={"none": "keiner", "trace": "Spuren", "light": "leicht", "moderate": "mäßig", "heavy": "stark"},
    band_means={
        "none": "nichts, was zu Rost passt",
        "trace": "vereinzelte Spuren",
        "light": "leichte Verfärbung und Flecken",
        "moderate": "mehrere Flecken über einen Teil der Beplattung",
        "heavy": "große Flächen",
    },
    bands_note=(
        "Die Stufen beschreiben den fotografierten Ausschnitt, Stelle für Stelle beurteilt; die auffälligste Stelle "
        "entscheidet, nie ein Mittelwert. Sie sind keine Grade nach ISO 4628-3 oder ASTM D610."
    ),
    signs={
        "trace": "Die Fotos zeigen vereinzelte Farbspuren, die zu Oberflächenrost passen.",
        "light": "Die Fotos zeigen leichte Verfärbungen und Flecken, die zu Oberflächenrost passen.",
        "moderate": "Die Fotos zeigen mehrere Flecken über einen Teil der Beplattung, die zu Rost passen.",
        "heavy": "Die Fotos zeigen große Flächen, die zu Rost passen.",
    },
    no_signs="Die Fotos zeigen auf der fotografierten Beplattung keine sichtbaren Anzeichen, die zu Rost passen.",
    uncertain="Die Fotos zeigen nicht deutlich genug, ob es Anzeichen gibt, die zu Rost passen.",
    unreadable="Kein Foto dieses Rundgangs war verwendbar; über die Beplattung lässt sich nichts sagen.",
    worst="Am deutlichsten sind die Anzeichen an {place}.",
    doubts={
        "angles_disagree": "Fotos derselben Stelle stimmen nicht überein",
        "views_disagree": "zwei Durchgänge desselben Fotos unterscheiden sich",
        "unlike_training": "die Bilder gleichen nicht denen, für die das Modell gemacht ist",
        "not_a_hull": "ein Bild zeigt anscheinend etwas anderes als Beplattung",
        "too_far": "ein Bild erfasst zu viel der Bordwand auf einmal",
        "unknown_colour": "die Farben eines Bilds lassen sich nicht verlässlich lesen",
        "unsure": "das Bild liegt zwischen Ja und Nein",
        "no_usable_photo": "kein verwendbares Foto",
    },
    guidance={
        "monitor": "die Beplattung im Auge behalten",
        "recheck_later": "die Beplattung später erneut fotografieren",
        "consider_professional_survey": "eine Begutachtung der Beplattung erwägen",
    },
    marks="Blau schraffiert: Flächen, die nach der Lesart der Software zu Rost passen.",
    no_marks="Die Software hat auf diesem Foto nichts markiert.",
    hull_materials={
        "steel": "Stahl",
        "aluminium": "Aluminium",
        "other": "anderes Metall oder Material",
        "grp": "kein Metall",
    },
    hauled_out="Aus dem Wasser",
    ashore="",
    time_ashore="",
    time_ashore_unknown="",
    limits=(
        (
            "Fotos zeigen nur die Oberfläche. Sie sagen nichts über Plattendicke, über Metall unter Farbe oder über "
            "das Innere des Rumpfs."
        ),
        (
            "Abgenutzte rote Farbe, Grundierung, Schmutz und tiefer Schatten können wie Rost aussehen. Frische Farbe "
            "und Schmutz können ihn verdecken."
        ),
        "Die Bilder enthalten keinen Maßstab; eine Fläche in Quadratmetern folgt nicht aus ihnen.",
        "Die Software sucht die Farben von Stahlkorrosion. Aluminium beurteilt sie nicht.",
        "Der Eigner wählte die Stellen und fotografierte ohne Aufsicht.",
    ),
    course=COURSE,
)
