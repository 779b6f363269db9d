"""The words that both modes share, in German."""

from typing import Final

from dossiers.document.content import StatementOrigin
from dossiers.document.wording.forms import (
    CaptureWords,
    ClosingWords,
    CoverageWords,
    CoverWords,
    EvidenceWords,
    MarkWords,
    PointWords,
    StatementWords,
    SummaryWords,
    Words,
)
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import Angle, Antifouling, ConfidenceLevel, SignalDetected, Surface

WORDS: Final = Words(
    locale="de",
    months=(
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    date="{day}. {month} {year}",
    time="{date}, {time} Uhr ({offset})",
    short_time="{day:02}.{month_number:02}.{year}, {time}",
    decimal=",",
    minutes=("{count} Minute", "{count} Minuten"),
    hours=("{count} Stunde", "{count} Stunden"),
    days=("{count} Tag", "{count} Tagen"),
    footer="Dossier {number} · {vessel} · {date}",
    page_of="Seite {page} von {pages}",
    alt_chart="Diagramm. {description}",
    alt_chart_continued="Fortsetzung des Diagramms.",
    cover=CoverWords(
        kind="Fotodossier",
        unnamed="Schiff ohne Namen",
        prepared="Vom Eigner fotografiert. Für Sachverständige zusammengestellt.",
        photo_count=("{count} Foto", "{count} Fotos"),
        visit_count=("{count} Rundgang", "{count} Rundgänge"),
        point_count=("{count} Stelle", "{count} Stellen"),
        contents="Inhalt",
        vessel="Schiff",
        as_noted="Nach Angabe des Eigners",
        hull_material="Rumpfmaterial",
        length="Länge",
        metres="{number} m",
        built="Baujahr",
        hull_id="Rumpfnummer",
        home_port="Heimathafen",
        not_noted="nicht angegeben",
        dossier="Dossier",
        date="Datum des Dokuments",
        verify="Zur Prüfung scannen",
        no_survey="Dies ist kein Gutachten und stellt keine Diagnose.",
    ),
    marks=MarkWords(
        title="So liest man dieses Dokument",
        recorded="Aufgezeichnet",
        recorded_means=(
            "Fotos, Zeiten und Prüfsummen der Dateien, wie sie auf dem Server ankamen. Die Bilder sind verkleinerte "
            "Kopien; die Originale werden aufbewahrt und sind durch ihre Prüfsummen bezeichnet."
        ),
        reading="Von Software gelesen",
        reading_means=(
            "Was ein Modell aus den Bildpunkten der Fotos liest. Es kann sich irren. Seine Begriffe sind seine eigenen "
            "und keine Stufen einer Norm."
        ),
        owner="Worte des Eigners",
        owner_means=(
            "Angaben zum Schiff, Bezeichnungen der Stellen, Notizen und die Erklärung, so wie der Eigner sie schrieb. "
            "Nicht geprüft."
        ),
        band_means="Bedeutung",
        no_opinion="Nichts in diesem Dokument ist die Meinung eines Sachverständigen.",
    ),
    summary=SummaryWords(
        title="Zusammenfassung",
        latest="Rundgang vom {date}, der neueste von {count}",
        only="Rundgang vom {date}",
        place="Ort am Rumpf",
        signal="Anzeichen",
        confidence="Gewissheit",
        overall="Gewissheit dieser Lesart: {level}.",
        page="Seite",
        order="Die deutlichsten Anzeichen stehen immer zuerst. Solche von geringer Gewissheit folgen auf gewissere.",
        guidance="Hinweis an den Eigner",
        signals={
            SignalDetected.YES: "gesehen",
            SignalDetected.NO: "keine gesehen",
            SignalDetected.INCONCLUSIVE: "nicht eindeutig",
        },
        confidences={ConfidenceLevel.LOW: "gering", ConfidenceLevel.MEDIUM: "mittel", ConfidenceLevel.HIGH: "hoch"},
        unread="nicht gelesen",
    ),
    statement=StatementWords(
        title="Erklärung des Eigners",
        intro="Wörtlich abgedruckt. Sie wurde nicht mit den Fotos verglichen.",
        origins={
            StatementOrigin.TYPED: "Vom Eigner getippt.",
            StatementOrigin.TRANSCRIBED: (
                "Vom Eigner gesprochen, von Software mitgeschrieben ({transcriber}) und vom Eigner freigegeben."
            ),
            StatementOrigin.REFINED: "Von Software umformuliert ({refiner}) und vom Eigner freigegeben.",
        },
        none="Der Eigner hat keine Erklärung abgegeben.",
    ),
    points=PointWords(
        title="Stellen, die auffälligste zuerst",
        point="Stelle {index}",
        named="Stelle {index} ({label})",
        labelled="Stelle {index}: {label}",
        visit="Rundgang",
        photos_used="Fotos",
        used_of="{used} von {all} verwendet",
        doubts="Warum nicht eindeutig, {date}: {reasons}",
        caption="Foto {number} · {angle}",
        marked="Foto {number}, markiert",
        unmarked="Foto {number}, wie gelesen",
        taken="aufgenommen {time}",
        received="eingegangen {time}",
        alt="{angle} von {place}, {time}.",
        alt_marked="Kopie von Foto {number} mit den Markierungen der Software. {marks}",
        no_photo="Von dieser Stelle ist kein Foto abgedruckt.",
        angles={Angle.WIDE: "Übersicht", Angle.MID: "Mittlerer Abstand", Angle.CLOSE: "Nahaufnahme"},
        notes="Notizen der Sachverständigen",
    ),
    capture=CaptureWords(
        title="Wie die Fotos entstanden",
        intro=(
            "Aufnahmezeiten sind die der Uhr des Telefons. Was der Eigner über den Rumpf angab, wurde nicht geprüft. "
            "Ein Standort wird nicht aufgezeichnet."
        ),
        visit_of="Rundgang vom {date}",
        submitted="Eingereicht",
        analysed="Von Software gelesen",
        first_photo="Erstes Foto",
        last_photo="Letztes Foto",
        hull_material="Rumpfmaterial",
        surface="Oberfläche",
        surfaces={Surface.WET: "nass", Surface.DRY: "trocken"},
        antifouling="Antifouling",
        antifoulings={
            Antifouling.PRESENT: "vorhanden",
            Antifouling.REMOVED: "entfernt",
            Antifouling.UNKNOWN: "unbekannt",
        },
        region="Bereich des Rumpfs",
        device="Gerät",
        system="System",
        app="App-Version",
        inspection="Nummer des Rundgangs",
        label="Bezeichnung",
        item="Angabe",
    ),
    coverage=CoverageWords(
        title="Abdeckung und Grenzen",
        intro="Nur die hier genannten Stellen wurden fotografiert. Über den übrigen Rumpf wird nichts gesagt.",
        points_read="{read} von {all} Stellen konnten gelesen werden.",
        photos_used="{used} von {all} Fotos wurden verwendet.",
        not_read="Nicht gelesen: {place}. {reasons}",
        left_out="Ausgelassen: {angle} von {place} ({reasons}).",
        absent="Bei diesem Rundgang nicht fotografiert: {places}.",
        complete="Jede Stelle, die je fotografiert wurde, wurde auch bei diesem Rundgang fotografiert.",
        reasons={
            RetakeReason.BLURRED: "unscharf",
            RetakeReason.TOO_DARK: "zu dunkel",
            RetakeReason.TOO_BRIGHT: "zu hell",
            RetakeReason.TOO_SMALL: "zu wenige Bildpunkte",
            RetakeReason.TOO_LARGE: "Datei zu groß",
            RetakeReason.NOT_AN_IMAGE: "kein lesbares Bild",
            RetakeReason.UNSUPPORTED_FORMAT: "Dateiformat wird nicht gelesen",
            RetakeReason.INCOMPLETE: "Datei unvollständig",
            RetakeReason.MISSING: "nie angekommen",
            RetakeReason.CHECKSUM_MISMATCH: "nicht die angekündigte Datei",
            RetakeReason.CHANGED_AFTER_SUBMISSION: "nach dem Einreichen verändert",
        },
        other_reason="nicht verwendbar",
        limits="Grenzen",
    ),
    evidence=EvidenceWords(
        title="Liste der Fotos",
        intro=(
            "Alle eingereichten Fotos mit dem SHA-256 der Originaldatei. Die Originale wurden eingefroren, bevor sie "
            "gelesen wurden."
        ),
        copies="Die Bilder in diesem Dokument sind verkleinerte Kopien ohne Metadaten.",
        more=(
            "{shown} von {used} verwendeten Fotos sind abgedruckt, der neueste Rundgang zuerst und in ihm die "
            "auffälligste Stelle zuerst. Die übrigen sind hier aufgeführt."
        ),
        number="Nr.",
        photo="Foto",
        page="Seite",
        not_used="ausgelassen: {reasons}",
        warnings={
            "small": "wenige Bildpunkte",
            "slightly_blurred": "leicht unscharf",
            "too_far": "aus großer Entfernung",
            "same_as_other_angle": "dasselbe Bild wie ein anderes",
            "framed_differently": "anderer Ausschnitt als beim Rundgang zuvor",
        },
        sha256="SHA-256 des Originals",
        megabytes="{number} MB",
        kilobytes="{number} kB",
    ),
    closing=ClosingWords(
        models_title="Modelle und Texte",
        models_intro=(
            "Jeder Rundgang wurde einmal gelesen, vom hier genannten Modell. Ein späteres ändert daran nichts."
        ),
        visit="Rundgang",
        model="Modell",
        policy="Aufnahmeregeln",
        shown_text="Dem Eigner gezeigter Text, {date} (englisch)",
        disclaimer_title="Disclaimer",
        disclaimer_version="Fassung {version}.",
        accepted="Fassung {version}, vom Eigner angenommen am {date}.",
        in_language="Auf Englisch, der Sprache, in der er angenommen wurde.",
        verify_title="Prüfung der Echtheit",
        verify=(
            "Code scannen oder Adresse öffnen. Die Seite sagt, ob dieses Dokument gültig, durch ein neueres ersetzt "
            "oder widerrufen ist."
        ),
        verify_hash="Sie zeigt auch Datum, Schiff und den SHA-256 zum Vergleich mit dem dieser Datei.",
        qr_alt="QR-Code der Adresse {url}",
        format="Dokumentformat {version}",
    ),
)
