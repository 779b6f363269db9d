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


@dataclass(frozen=True, slots=True)
class Document:
    document: str
    version: str
    text: str


DISCLAIMER = Document("disclaimer", "1", DISCLAIMER_TEXT)
# Add a new version and keep the old ones: an owner may have read the old version a moment before.
PUBLISHED: tuple[Document, ...] = (DISCLAIMER,)
VERSIONS = sorted({published.version for published in PUBLISHED})


def give_consent(*, user: User, document: str, version: str) -> Consent:
    """Record that the user agreed to this version. Keeps the time of the first consent."""
    if document not in {published.document for published in PUBLISHED}:
        raise UnknownDocument("document")
    if (document, version) not in {(published.document, published.version) for published in PUBLISHED}:
        raise UnknownDocument("version")
    consent, _ = Consent.objects.get_or_create(user=user, document=document, version=version)
    return consent
