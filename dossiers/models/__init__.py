from dossiers.models.deliveries import Delivery
from dossiers.models.dossiers import DOSSIERS, Dossier, DossierInspection, dossiers_of
from dossiers.models.recordings import Recording
from dossiers.models.refinements import Refinement
from dossiers.models.shares import Share

__all__ = [
    "DOSSIERS",
    "Delivery",
    "Dossier",
    "DossierInspection",
    "Recording",
    "Refinement",
    "Share",
    "dossiers_of",
]
