"""The words of the pages without sign-in, in each language. They name no mode and no owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dossiers.document.content import Language
from dossiers.vocabulary import VerificationResult


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    language: str
    title: str
    intro: str
    vessel: str
    unnamed: str
    date: str
    fingerprint: str
    read: str
    expires: str
    superseded: str
    check: str
    gone_title: str
    gone: str
    verify_title: str
    results: Mapping[str, tuple[str, str]]
    compare: str


_WORDS: Final = (
    PageWords(
        language="en",
        title="Dossier of a hull",
        intro="Photos of a hull and what can be seen on them, put together by its owner. No survey and no diagnosis.",
        vessel="Vessel",
        unnamed="without a name",
        date="Date",
        fingerprint="SHA-256 of the PDF",
        read="Open the PDF",
        expires="This page works until",
        superseded="The owner has made a newer dossier of this vessel.",
        check="Check whether it is genuine",
        gone_title="This link does not work",
        gone="It was ended, has expired, or was copied incompletely. Ask whoever sent it to you for a new one.",
        verify_title="Is this dossier genuine?",
        results={
            VerificationResult.VALID: ("Genuine and valid", "Maretech made this dossier, and it is the current one."),
            VerificationResult.SUPERSEDED: (
                "Genuine, but superseded",
                "Maretech made this dossier. Its owner has made a newer one of the same vessel since.",
            ),
            VerificationResult.REVOKED: (
                "Genuine, but revoked",
                "Maretech made this dossier. It was revoked since, and does not hold any more.",
            ),
            VerificationResult.NOT_FOUND: (
                "Not genuine",
                "Maretech did not make a dossier with this code, or the code was read incompletely.",
            ),
        },
        compare="Compare vessel and date with the document, and the SHA-256 with that of the file, if you have it.",
    ),
    PageWords(
        language="de",
        title="Dossier eines Rumpfes",
        intro=(
            "Fotos eines Rumpfes und was darauf zu sehen ist, vom Eigner zusammengestellt. Kein Gutachten und keine "
            "Diagnose."
        ),
        vessel="Boot",
        unnamed="ohne Namen",
        date="Datum",
        fingerprint="SHA-256 der PDF-Datei",
        read="PDF öffnen",
        expires="Diese Seite funktioniert bis",
        superseded="Der Eigner hat ein neueres Dossier dieses Bootes erstellt.",
        check="Echtheit prüfen",
        gone_title="Dieser Link funktioniert nicht",
        gone=(
            "Er wurde beendet, ist abgelaufen oder wurde unvollständig kopiert. Bitten Sie den Absender um einen neuen."
        ),
        verify_title="Ist dieses Dossier echt?",
        results={
            VerificationResult.VALID: ("Echt und gültig", "Maretech hat dieses Dossier erstellt. Es ist das aktuelle."),
            VerificationResult.SUPERSEDED: (
                "Echt, aber überholt",
                "Maretech hat dieses Dossier erstellt. Der Eigner hat seitdem ein neueres desselben Bootes erstellt.",
            ),
            VerificationResult.REVOKED: (
                "Echt, aber widerrufen",
                "Maretech hat dieses Dossier erstellt. Es wurde seitdem widerrufen und gilt nicht mehr.",
            ),
            VerificationResult.NOT_FOUND: (
                "Nicht echt",
                "Maretech hat kein Dossier mit diesem Code erstellt, oder der Code wurde unvollständig gelesen.",
            ),
        },
        compare=(
            "Vergleichen Sie Boot und Datum mit dem Dokument, und die SHA-256 mit der der Datei, falls Sie sie haben."
        ),
    ),
)
WORDS: Final[Mapping[str, PageWords]] = {words.language: words for words in _WORDS}


def words_of(language: str) -> PageWords:
    """Return the words in that language; English for an unknown one."""
    return WORDS.get(language, WORDS[Language.EN])
