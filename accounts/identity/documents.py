"""The documents that an owner agrees to, with every version that was ever shown."""

from dataclasses import dataclass

from accounts.errors import UnknownDocument
from accounts.models import Consent, User

DISCLAIMER_TEXT = (
    "Maretech looks at your photographs and reports visual signals: what can be seen on the surface of the hull, and "
    "with what confidence. This is not a diagnosis and not a survey. Photographs show neither what lies beneath the "
    "surface nor its cause, and light, angle, distance and coatings change what they show. That no signal was seen "
    "does not mean that the hull is sound. Before you buy, sell, insure, repair or go to sea on the strength of a "
    "result, have a qualified marine surveyor examine the vessel."
)

STATEMENT_SENDING_TEXT = (
    "You can speak the statement of a dossier, and have its wording made clearer. Maretech can do both on its own "
    "servers. If you agree, Maretech may instead send the recording and the text of your statement to another service "
    "that does this better, in the language that you chose. Only the recording and the text are sent: not your name, "
    "your address, your boat or your photos. You can write and edit the statement yourself without agreeing."
)


@dataclass(frozen=True, slots=True)
class Document:
    document: str
    version: str
    text: str


DISCLAIMER = Document("disclaimer", "1", DISCLAIMER_TEXT)
STATEMENT_SENDING = Document("statement_sending", "1", STATEMENT_SENDING_TEXT)
# Add a new version and keep the old ones: an owner may have read the old version a moment before.
PUBLISHED: tuple[Document, ...] = (DISCLAIMER, STATEMENT_SENDING)
VERSIONS = sorted({published.version for published in PUBLISHED})


def has_agreed(user: User, document: Document) -> bool:
    """Return whether the user agreed to this version of the document. An agreement to an earlier one does not count."""
    return Consent.objects.filter(user=user, document=document.document, version=document.version).exists()


def accepted_version(user: User, document: str) -> tuple[Document, Consent] | None:
    """Return the version of the document that the user accepted last, and the consent; None without any."""
    texts = {published.version: published for published in PUBLISHED if published.document == document}
    given = Consent.objects.filter(user=user, document=document, version__in=texts).order_by("-given_at", "-pk").first()
    return None if given is None else (texts[given.version], given)


def give_consent(*, user: User, document: str, version: str) -> Consent:
    """Record that the user agreed to this version. Keeps the time of the first consent."""
    if document not in {published.document for published in PUBLISHED}:
        raise UnknownDocument("document")
    if (document, version) not in {(published.document, published.version) for published in PUBLISHED}:
        raise UnknownDocument("version")
    consent, _ = Consent.objects.get_or_create(user=user, document=document, version=version)
    return consent
