from inspections.models.inspections import Inspection, InspectionEvent, InspectionQuerySet
from inspections.models.jobs import InferenceJob, JobAttempt
from inspections.models.photos import CaptureSlot, MediaAsset, MissingObject
from inspections.models.policies import CapturePolicy
from inspections.models.results import Findings, Result, ShadowResult

__all__ = [
    "CapturePolicy",
    "CaptureSlot",
    "Findings",
    "InferenceJob",
    "Inspection",
    "InspectionEvent",
    "InspectionQuerySet",
    "JobAttempt",
    "MediaAsset",
    "MissingObject",
    "Result",
    "ShadowResult",
]
