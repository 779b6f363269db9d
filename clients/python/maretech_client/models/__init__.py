"""Contains all the data models used in inputs/outputs"""

from .alive import Alive
from .angle_enum import AngleEnum
from .announced_recording import AnnouncedRecording
from .antifouling_enum import AntifoulingEnum
from .appointment import Appointment
from .appointment_outcome_enum import AppointmentOutcomeEnum
from .appointment_page import AppointmentPage
from .appointment_party_enum import AppointmentPartyEnum
from .appointment_slot import AppointmentSlot
from .appointment_slot_list import AppointmentSlotList
from .appointment_status_enum import AppointmentStatusEnum
from .asset import Asset
from .asset_state_enum import AssetStateEnum
from .attempt import Attempt
from .attempt_request import AttemptRequest
from .cancellation_policy import CancellationPolicy
from .capture_constraints import CaptureConstraints
from .capture_constraints_max_pixels_by_content_type import (
    CaptureConstraintsMaxPixelsByContentType,
)
from .capture_context import CaptureContext
from .capture_context_request import CaptureContextRequest
from .capture_hint_enum import CaptureHintEnum
from .capture_metadata_request import CaptureMetadataRequest
from .capture_policy import CapturePolicy
from .check_in_result_enum import CheckInResultEnum
from .checkout import Checkout
from .checkout_product_enum import CheckoutProductEnum
from .checkout_request import CheckoutRequest
from .checkout_status_enum import CheckoutStatusEnum
from .code_request import CodeRequest
from .compared_point import ComparedPoint
from .comparison import Comparison
from .completed import Completed
from .confidence_level_enum import ConfidenceLevelEnum
from .consent import Consent
from .consent_request import ConsentRequest
from .corrosion_block import CorrosionBlock
from .corrosion_entitlement import CorrosionEntitlement
from .corrosion_mode_enum import CorrosionModeEnum
from .corrosion_point import CorrosionPoint
from .corrosion_result import CorrosionResult
from .coverage import Coverage
from .coverage_band_enum import CoverageBandEnum
from .credentials_request import CredentialsRequest
from .declare_photo_request import DeclarePhotoRequest
from .declared_photo import DeclaredPhoto
from .delivery import Delivery
from .delivery_channel_enum import DeliveryChannelEnum
from .delivery_failure_enum import DeliveryFailureEnum
from .delivery_page import DeliveryPage
from .delivery_status_enum import DeliveryStatusEnum
from .density_band_enum import DensityBandEnum
from .device import Device
from .device_page import DevicePage
from .device_request import DeviceRequest
from .dispute import Dispute
from .dispute_request import DisputeRequest
from .dispute_status_enum import DisputeStatusEnum
from .document import Document
from .document_enum import DocumentEnum
from .document_version_enum import DocumentVersionEnum
from .dossier import Dossier
from .dossier_failure_enum import DossierFailureEnum
from .dossier_list_item import DossierListItem
from .dossier_obstacle_enum import DossierObstacleEnum
from .dossier_page import DossierPage
from .dossier_paper_enum import DossierPaperEnum
from .dossier_request import DossierRequest
from .dossier_status_enum import DossierStatusEnum
from .eligibility import Eligibility
from .email_change_request import EmailChangeRequest
from .email_disabled import EmailDisabled
from .email_disabled_reason_enum import EmailDisabledReasonEnum
from .erasure_request import ErasureRequest
from .error import Error
from .error_code_enum import ErrorCodeEnum
from .error_fields import ErrorFields
from .export_pending import ExportPending
from .export_ready import ExportReady
from .framing import Framing
from .get_appointment_code_picture import GetAppointmentCodePicture
from .ghost import Ghost
from .ghosts import Ghosts
from .guidance_enum import GuidanceEnum
from .handover import Handover
from .handover_detail import HandoverDetail
from .handover_detail_inspection_counts_type_0 import (
    HandoverDetailInspectionCountsType0,
)
from .handover_dispute import HandoverDispute
from .handover_page import HandoverPage
from .handover_party_enum import HandoverPartyEnum
from .handover_status_enum import HandoverStatusEnum
from .health_status_enum import HealthStatusEnum
from .history import History
from .history_item import HistoryItem
from .hold_request import HoldRequest
from .hull_material_enum import HullMaterialEnum
from .incomparable_reason_enum import IncomparableReasonEnum
from .inspection_detail import InspectionDetail
from .inspection_failure_enum import InspectionFailureEnum
from .inspection_list_item import InspectionListItem
from .inspection_page import InspectionPage
from .inspection_status import InspectionStatus
from .inspection_status_enum import InspectionStatusEnum
from .job_state_enum import JobStateEnum
from .kind_preference import KindPreference
from .kind_preference_request import KindPreferenceRequest
from .letter_delivery_request import LetterDeliveryRequest
from .lift_out import LiftOut
from .lift_out_request import LiftOutRequest
from .listed_session import ListedSession
from .locale_enum import LocaleEnum
from .mail_channel_enum import MailChannelEnum
from .mail_delivery_request import MailDeliveryRequest
from .maintenance import Maintenance
from .maintenance_kind_enum import MaintenanceKindEnum
from .maintenance_page import MaintenancePage
from .maintenance_request import MaintenanceRequest
from .me import Me
from .missing_photo import MissingPhoto
from .mock_subscription_request import MockSubscriptionRequest
from .mode_enum import ModeEnum
from .notification import Notification
from .notification_data import NotificationData
from .notification_kind_enum import NotificationKindEnum
from .notification_page import NotificationPage
from .offer_request import OfferRequest
from .open_inspection_request import OpenInspectionRequest
from .open_point_request import OpenPointRequest
from .opened_inspection import OpenedInspection
from .opened_point import OpenedPoint
from .order import Order
from .order_event import OrderEvent
from .order_page import OrderPage
from .order_status_enum import OrderStatusEnum
from .osmosis_area import OsmosisArea
from .osmosis_block import OsmosisBlock
from .osmosis_entitlement import OsmosisEntitlement
from .osmosis_mock_request import OsmosisMockRequest
from .osmosis_mode_enum import OsmosisModeEnum
from .osmosis_result import OsmosisResult
from .password_change_request import PasswordChangeRequest
from .patched_dossier_change_request import PatchedDossierChangeRequest
from .patched_vessel_change_request import PatchedVesselChangeRequest
from .payout import Payout
from .payout_page import PayoutPage
from .payout_status_enum import PayoutStatusEnum
from .pdf_link import PDFLink
from .pending_comparison import PendingComparison
from .pending_enum import PendingEnum
from .photo import Photo
from .photo_warning_enum import PhotoWarningEnum
from .plan_enum import PlanEnum
from .platform_enum import PlatformEnum
from .point_timeline import PointTimeline
from .point_visit import PointVisit
from .post_channel_enum import PostChannelEnum
from .postal_address_request import PostalAddressRequest
from .preferences import Preferences
from .preferences_request import PreferencesRequest
from .price import Price
from .product import Product
from .product_code_enum import ProductCodeEnum
from .product_kind_enum import ProductKindEnum
from .products import Products
from .progress import Progress
from .provider_enum import ProviderEnum
from .push_keys_request import PushKeysRequest
from .push_subscription_request import PushSubscriptionRequest
from .queued_enum import QueuedEnum
from .quiet_hours import QuietHours
from .quiet_hours_request import QuietHoursRequest
from .readiness import Readiness
from .readiness_status_enum import ReadinessStatusEnum
from .ready_enum import ReadyEnum
from .receipt import Receipt
from .receipt_request import ReceiptRequest
from .receipt_status import ReceiptStatus
from .receipt_status_enum import ReceiptStatusEnum
from .received import Received
from .recording import Recording
from .recording_failure_enum import RecordingFailureEnum
from .recording_request import RecordingRequest
from .recording_state_enum import RecordingStateEnum
from .refinement import Refinement
from .refinement_state_enum import RefinementStateEnum
from .refresh_request import RefreshRequest
from .refreshed import Refreshed
from .reminder import Reminder
from .reminder_list import ReminderList
from .reminder_request import ReminderRequest
from .report import Report
from .report_request import ReportRequest
from .reset_confirm_request import ResetConfirmRequest
from .reset_request import ResetRequest
from .retake_reason_enum import RetakeReasonEnum
from .review import Review
from .review_page import ReviewPage
from .review_request import ReviewRequest
from .scan import Scan
from .scan_request import ScanRequest
from .sealed_pdf import SealedPDF
from .sealed_photo import SealedPhoto
from .segment import Segment
from .session import Session
from .sessions import Sessions
from .share import Share
from .share_request import ShareRequest
from .signal_detected_enum import SignalDetectedEnum
from .signed_in import SignedIn
from .slot import Slot
from .slot_upload import SlotUpload
from .slot_upload_headers import SlotUploadHeaders
from .step_up import StepUp
from .step_up_channel_enum import StepUpChannelEnum
from .step_up_open import StepUpOpen
from .store_enum import StoreEnum
from .stored_capture import StoredCapture
from .submit_request import SubmitRequest
from .submitted import Submitted
from .subscription_status import SubscriptionStatus
from .surface_enum import SurfaceEnum
from .surveyor import Surveyor
from .surveyor_page import SurveyorPage
from .timeline import Timeline
from .timeline_step import TimelineStep
from .timeline_vessel import TimelineVessel
from .token import Token
from .trend_enum import TrendEnum
from .upload_link import UploadLink
from .upload_link_headers import UploadLinkHeaders
from .user import User
from .verification import Verification
from .verification_key import VerificationKey
from .verification_keys import VerificationKeys
from .verification_result_enum import VerificationResultEnum
from .vessel import Vessel
from .vessel_detail import VesselDetail
from .vessel_detail_inspection_counts import VesselDetailInspectionCounts
from .vessel_page import VesselPage
from .vessel_request import VesselRequest
from .waiting_for_enum import WaitingForEnum
from .web_device_request import WebDeviceRequest
from .web_platform_enum import WebPlatformEnum
from .web_push_key import WebPushKey
from .wording_change import WordingChange

__all__ = (
    "Alive",
    "AngleEnum",
    "AnnouncedRecording",
    "AntifoulingEnum",
    "Appointment",
    "AppointmentOutcomeEnum",
    "AppointmentPage",
    "AppointmentPartyEnum",
    "AppointmentSlot",
    "AppointmentSlotList",
    "AppointmentStatusEnum",
    "Asset",
    "AssetStateEnum",
    "Attempt",
    "AttemptRequest",
    "CancellationPolicy",
    "CaptureConstraints",
    "CaptureConstraintsMaxPixelsByContentType",
    "CaptureContext",
    "CaptureContextRequest",
    "CaptureHintEnum",
    "CaptureMetadataRequest",
    "CapturePolicy",
    "CheckInResultEnum",
    "Checkout",
    "CheckoutProductEnum",
    "CheckoutRequest",
    "CheckoutStatusEnum",
    "CodeRequest",
    "ComparedPoint",
    "Comparison",
    "Completed",
    "ConfidenceLevelEnum",
    "Consent",
    "ConsentRequest",
    "CorrosionBlock",
    "CorrosionEntitlement",
    "CorrosionModeEnum",
    "CorrosionPoint",
    "CorrosionResult",
    "Coverage",
    "CoverageBandEnum",
    "CredentialsRequest",
    "DeclaredPhoto",
    "DeclarePhotoRequest",
    "Delivery",
    "DeliveryChannelEnum",
    "DeliveryFailureEnum",
    "DeliveryPage",
    "DeliveryStatusEnum",
    "DensityBandEnum",
    "Device",
    "DevicePage",
    "DeviceRequest",
    "Dispute",
    "DisputeRequest",
    "DisputeStatusEnum",
    "Document",
    "DocumentEnum",
    "DocumentVersionEnum",
    "Dossier",
    "DossierFailureEnum",
    "DossierListItem",
    "DossierObstacleEnum",
    "DossierPage",
    "DossierPaperEnum",
    "DossierRequest",
    "DossierStatusEnum",
    "Eligibility",
    "EmailChangeRequest",
    "EmailDisabled",
    "EmailDisabledReasonEnum",
    "ErasureRequest",
    "Error",
    "ErrorCodeEnum",
    "ErrorFields",
    "ExportPending",
    "ExportReady",
    "Framing",
    "GetAppointmentCodePicture",
    "Ghost",
    "Ghosts",
    "GuidanceEnum",
    "Handover",
    "HandoverDetail",
    "HandoverDetailInspectionCountsType0",
    "HandoverDispute",
    "HandoverPage",
    "HandoverPartyEnum",
    "HandoverStatusEnum",
    "HealthStatusEnum",
    "History",
    "HistoryItem",
    "HoldRequest",
    "HullMaterialEnum",
    "IncomparableReasonEnum",
    "InspectionDetail",
    "InspectionFailureEnum",
    "InspectionListItem",
    "InspectionPage",
    "InspectionStatus",
    "InspectionStatusEnum",
    "JobStateEnum",
    "KindPreference",
    "KindPreferenceRequest",
    "LetterDeliveryRequest",
    "LiftOut",
    "LiftOutRequest",
    "ListedSession",
    "LocaleEnum",
    "MailChannelEnum",
    "MailDeliveryRequest",
    "Maintenance",
    "MaintenanceKindEnum",
    "MaintenancePage",
    "MaintenanceRequest",
    "Me",
    "MissingPhoto",
    "MockSubscriptionRequest",
    "ModeEnum",
    "Notification",
    "NotificationData",
    "NotificationKindEnum",
    "NotificationPage",
    "OfferRequest",
    "OpenedInspection",
    "OpenedPoint",
    "OpenInspectionRequest",
    "OpenPointRequest",
    "Order",
    "OrderEvent",
    "OrderPage",
    "OrderStatusEnum",
    "OsmosisArea",
    "OsmosisBlock",
    "OsmosisEntitlement",
    "OsmosisMockRequest",
    "OsmosisModeEnum",
    "OsmosisResult",
    "PasswordChangeRequest",
    "PatchedDossierChangeRequest",
    "PatchedVesselChangeRequest",
    "Payout",
    "PayoutPage",
    "PayoutStatusEnum",
    "PDFLink",
    "PendingComparison",
    "PendingEnum",
    "Photo",
    "PhotoWarningEnum",
    "PlanEnum",
    "PlatformEnum",
    "PointTimeline",
    "PointVisit",
    "PostalAddressRequest",
    "PostChannelEnum",
    "Preferences",
    "PreferencesRequest",
    "Price",
    "Product",
    "ProductCodeEnum",
    "ProductKindEnum",
    "Products",
    "Progress",
    "ProviderEnum",
    "PushKeysRequest",
    "PushSubscriptionRequest",
    "QueuedEnum",
    "QuietHours",
    "QuietHoursRequest",
    "Readiness",
    "ReadinessStatusEnum",
    "ReadyEnum",
    "Receipt",
    "ReceiptRequest",
    "ReceiptStatus",
    "ReceiptStatusEnum",
    "Received",
    "Recording",
    "RecordingFailureEnum",
    "RecordingRequest",
    "RecordingStateEnum",
    "Refinement",
    "RefinementStateEnum",
    "Refreshed",
    "RefreshRequest",
    "Reminder",
    "ReminderList",
    "ReminderRequest",
    "Report",
    "ReportRequest",
    "ResetConfirmRequest",
    "ResetRequest",
    "RetakeReasonEnum",
    "Review",
    "ReviewPage",
    "ReviewRequest",
    "Scan",
    "ScanRequest",
    "SealedPDF",
    "SealedPhoto",
    "Segment",
    "Session",
    "Sessions",
    "Share",
    "ShareRequest",
    "SignalDetectedEnum",
    "SignedIn",
    "Slot",
    "SlotUpload",
    "SlotUploadHeaders",
    "StepUp",
    "StepUpChannelEnum",
    "StepUpOpen",
    "StoredCapture",
    "StoreEnum",
    "SubmitRequest",
    "Submitted",
    "SubscriptionStatus",
    "SurfaceEnum",
    "Surveyor",
    "SurveyorPage",
    "Timeline",
    "TimelineStep",
    "TimelineVessel",
    "Token",
    "TrendEnum",
    "UploadLink",
    "UploadLinkHeaders",
    "User",
    "Verification",
    "VerificationKey",
    "VerificationKeys",
    "VerificationResultEnum",
    "Vessel",
    "VesselDetail",
    "VesselDetailInspectionCounts",
    "VesselPage",
    "VesselRequest",
    "WaitingForEnum",
    "WebDeviceRequest",
    "WebPlatformEnum",
    "WebPushKey",
    "WordingChange",
)
