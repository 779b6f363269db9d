"""Worker side: render a dossier once, and make it final."""

import hashlib
from uuid import UUID, uuid4

import structlog
from django.db import transaction

from billing.entitlements import entitlements
from dossiers.content.gathering import PhotosUnreadable, content_of, issued_token, sealed_photos
from dossiers.document.content import DossierContent
from dossiers.document.render import CharactersUnsupported, render_pdf
from dossiers.lifecycle import transitions
from dossiers.lifecycle.notices import notify_of_document
from dossiers.lifecycle.transitions import Document
from dossiers.models import Dossier, Refinement
from dossiers.recordings.discarding import forget_recordings
from dossiers.turns import claim_next
from dossiers.vocabulary import RenderingFailure
from maretech.common.storage import object_store
from maretech.common.work.outages import postpone_in_an_outage

PDF: "Final" = "application/pdf"

log = structlog.get_logger(__name__)
