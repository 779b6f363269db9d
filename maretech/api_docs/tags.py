"""The descriptions of the groups of operations."""

from typing import Final

TAGS: Final = {
    "accounts": "Register, sign in, and manage the account: sessions, devices, password, export and erasure.",
    "notifications": "What the owner was notified of, and how the owner wants to be notified.",
    "documents": "The texts that an owner accepts.",
    "vessels": "The owner's boats. Inspections of one boat belong to one vessel.",
    "surveyors": "People who survey boats: their free times, their reviews, and what they see of their own work.",
    "appointments": "A time with a surveyor: hold it, pay it, show the code, dispute it.",
    "check-ins": "A surveyor scans the code of an owner.",
    "disputes": "Disputes of appointments and payments, with their deadlines.",
    "reviews": "Reports of reviews that should not be shown.",
    "handovers": "A vessel that passes to another owner with its history: confirm, cancel, decline or dispute.",
    "capture-policy": "What to photograph, and the limits that a photo must keep.",
    "inspections": "Open an inspection, submit it, poll it and read its result.",
    "slots": "The points of the hull: announce the photos of a point.",
    "assets": "Single photos: report an upload, and learn whether to take the photo again.",
    "storage": "The embedded object store, for development. In production the links lead to an S3-compatible store.",
    "corrosion": "History, comparison, timeline, maintenance and reminders of corrosion. Needs a subscription.",
    "dossiers": "What an owner hands to a surveyor: drafts, final documents, shares and deliveries.",
    "shares": "End the link to a dossier.",
    "verify": "Check without signing in whether a dossier is genuine and still valid.",
    "osmosis": "The lift-out of a vessel, by which it is known how long its hull was ashore. Free of charge.",
    "entitlements": "What the owner may use now.",
    "products": "What can be bought.",
    "checkout": "Pay on the web, on the provider's page.",
    "payments": "Redeem what was bought in an app store.",
    "subscriptions": "The corrosion subscription.",
    "orders": "What the owner bought.",
    "webhooks": "Called by payment providers and the services that deliver mails and letters, not by apps.",
    "health": "Called by balancers and monitors, not by apps.",
}
