"""Record the examples of the API documentation in a walk through every operation."""

import hashlib
import json
import re
from base64 import b64encode
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4, uuid5

import time_machine
from django.test import override_settings
from django.utils import timezone

from accounts.identity import email_codes, step_up_codes
from accounts.identity.reset_codes import mail_code
from accounts.models import EmailCode, Export, PasswordReset, StepUp, User
from accounts.notifications.push_services import encoded
from accounts.privacy import export
from billing.models import Order
from billing.provider_registry import stores
from corrosion.models import Maintenance
from inspections.models import Inspection
from inspections.work.photo_check import check_uploaded_photo
from inspections.work.sweeper import sweep
from maretech.common.http import errors
from maretech.common.http.exception_handler import body_of
from maretech.common.storage.base import ObjectStoreUnavailable
from maretech.common.storage.local import LocalStore
from maretech.health import Readiness
from rendering.samples import sample_set
from testing.factories import InspectionFactory
from testing.fake_stores.app_store import FakeAppStore
from testing.fake_stores.configuration import configure_app_store
from testing.fake_stores.play_actions import PACKAGE, push_of
from testing.fake_stripe import FakeStripe
from testing.openapi.operations import Operation, operations
from testing.phone import V1, caller, work
from testing.web_purchases import deliver_events
from tests.accounts.mailed_codes import code_in
from tests.billing.providers.play_store.calls import selling_on_play
from tests.contract.dossier_examples import record_dossiers
from tests.contract.survey_examples import record_surveys
from tests.contract.test_answers import documented
from tests.corrosion.rows import work_off
from vessels.handovers import codes as handover_codes
from vessels.models import Vessel

EMAIL: Final = "skipper@example.org"
PASSWORD: Final = "keel-and-rudder-7"
REQUEST_ID: Final = "6f1b2c9e4d"
_NAMESPACE: Final = UUID("5b1f8c1e-0000-4000-8000-000000000000")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_REPLACED: Final = (
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+"), "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIuLi4ifQ.c2lnbmF0dXJl"),
    (re.compile(r"http://testserver/v1/storage/[^\"?]+"), "https://api.example.com/v1/storage/eyJrZXkiOiIuLi4ifQ"),
    (re.compile(r"http://127\.0\.0\.1:\d+/pay/\w+"), "https://checkout.stripe.com/c/pay/cs_live_a1B2c3"),
    (re.compile(r"http://127\.0\.0\.1:8000/v1/verify/[\w-]+"), "https://api.example.com/v1/verify/AYq1"),
    (re.compile(r"http://127\.0\.0\.1:8000/share/[\w.-]+"), "https://api.example.com/share/4n8T.kQ3"),
    (re.compile(r"http://testserver/"), "https://api.example.com/"),
    (re.compile(r"\b(evt|cs_test|pi|cus|in|sub)_[0-9a-f]{24}\b"), r"\1_1a2b3c4d5e6f7a8b9c0d1e2f"),
    (re.compile(r'"code": "\d{6}"'), '"code": "123456"'),
    (re.compile(r'"token": "[\w-]{30}\.[\w-]{43}"'), '"token": "a027eedc9c885b1ba9d47a7.c2lnbmF0dXJl"'),
    (re.compile(r'"byte_size": \d+(?=, "created_at")'), '"byte_size": 1048576'),
    (
        re.compile(r'"messageId": "\d+", "publishTime": "[^"]+"'),
        '"messageId": "1", "publishTime": "2026-05-01T10:00:00Z"',
    ),
    (re.compile(r"cursor=[\w%.-]+"), "cursor=cD0yMDI2"),
)
# Errors that any operation can return, or any with a key or a token. Each operation's own errors must be recorded.
_COMMON: Final = {
    "401": errors.AuthenticationRequired(),
    "404": errors.NotFound(),
    "409": errors.IdempotencyInProgress(),
    "413": errors.PayloadTooLarge(),
    "415": errors.UnsupportedMediaType(),
    "422": errors.IdempotencyKeyReused(),
    "429": errors.RateLimited(),
    "500": errors.InternalError(),
    "503": errors.ServiceUnavailable(),
}


# The names of the headers of all answers of an operation (by its id) with a status.
Headers = dict[tuple[str, str], set[str]]


def takes_key(operation: Operation) -> bool:
    return any(parameter["name"] == "Idempotency-Key" for parameter in operation.spec.get("parameters", []))


class Recorder:
    """A client that keeps the first example of each operation, status and error, and the headers of all answers.

    It repeats what has a lasting answer: a poll with its `ETag`, a `POST` with its key.
    """

    def __init__(self, clock: Any, token: str = "", shared: "Recorder | None" = None) -> None:
        self._clock = clock
        self._client = caller(token or None)
        self.token = token
        self.operations: dict[str, Any] = {} if shared is None else shared.operations
        self.headers: Headers = {} if shared is None else shared.headers

    def signed_in(self, token: str) -> "Recorder":
        """Return a recorder that shares the record, with another token (empty: anonymous)."""
        return Recorder(self._clock, token, self)

    def get(self, path: str) -> Any:
        answer = self._client.get(V1 + path, headers=_HEADERS)
        self._note_if_unchanged(path, answer)
        return self._record("GET", V1 + path, None, answer)

    def glance(self, path: str) -> None:
        """Get a path while work is open: no example, but its headers count."""
        answer = self._client.get(V1 + path, headers=_HEADERS)
        self._note_headers("GET", V1 + path, answer)
        self._note_if_unchanged(path, answer)

    def look(self, path: str) -> Any:
        """Get a path outside the API's versions."""
        return self._record("GET", path, None, self._client.get(path, headers=_HEADERS))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        sent = {} if body is None else body
        key = "Idempotency-Key"
        if takes_key(documented("POST", V1 + path)):
            headers = {key: str(uuid4())} | headers
        answer = self._client.post(V1 + path, sent, format="json", headers=_HEADERS | headers)
        if key in headers and answer.status_code < 300:
            again = self._client.post(V1 + path, sent, format="json", headers=_HEADERS | headers)
            self._note_headers("POST", V1 + path, again)
        return self._record("POST", V1 + path, body, answer)

    def change(self, path: str, body: Any) -> Any:
        answer = self._client.put(V1 + path, body, format="json", headers=_HEADERS)
        return self._record("PUT", V1 + path, body, answer)

    def patch(self, path: str, body: Any) -> Any:
        answer = self._client.patch(V1 + path, body, format="json", headers=_HEADERS)
        return self._record("PATCH", V1 + path, body, answer)

    def delete(self, path: str) -> Any:
        return self._record("DELETE", V1 + path, None, self._client.delete(V1 + path, headers=_HEADERS))

    def post_bytes(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        """Send signed bytes unchanged; the example shows the JSON in them."""
        answer = self._client.generic(
            "POST", V1 + path, body, content_type="application/json", headers=_HEADERS | headers
        )
        return self._record("POST", V1 + path, json.loads(body), answer)

    def put(self, upload: dict[str, Any], content: bytes, *, kind: str = "", **environ: Any) -> Any:
        """Upload as the link says, or with changes."""
        path = upload["url"].removeprefix("http://testserver")
        signed = dict(upload["headers"])
        kind = kind or signed["Content-Type"]
        del signed["Content-Type"]
        answer = self._client.generic("PUT", path, content, content_type=kind, headers=_HEADERS | signed, **environ)
        return self._record("PUT", path, None, answer)

    def _note_if_unchanged(self, path: str, answer: Any) -> None:
        if "ETag" in answer:
            known = self._client.get(V1 + path, headers=_HEADERS | {"If-None-Match": answer["ETag"]})
            self._note_headers("GET", V1 + path, known)

    def _note_headers(self, method: str, path: str, answer: Any) -> None:
        place = (documented(method, path).spec["operationId"], str(answer.status_code))
        self.headers.setdefault(place, set()).update(answer.headers)

    def _record(self, method: str, path: str, sent: Any, answer: Any) -> Any:
        self._note_headers(method, path, answer)
        self._clock.shift(timedelta(seconds=1))  # gives lists by time a unique order
        example = self.operations.setdefault(documented(method, path).spec["operationId"], {"answers": {}})
        status = str(answer.status_code)
        if sent is not None and answer.status_code < 300:
            example.setdefault("request", sent)
        if answer.content and answer["Content-Type"].startswith("application/json"):
            body = answer.json()
            example["answers"].setdefault(status, {}).setdefault(_name(body), body)
        return answer


_HEADERS: Final = {"X-Request-ID": REQUEST_ID}


def _name(body: dict[str, Any]) -> str:
    names = ("reason", "error_code", "status", "result", "mode")
    return str(next((body[name] for name in names if body.get(name)), "example"))


def recorded(fake: FakeStripe, mailbox: list[Any], settings: Any, folder: Path) -> tuple[dict[str, Any], Headers]:
    """Walk through the API. Return what `maretech/api_docs/examples.json` must contain, and the headers of answers."""
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False) as clock:
        anonymous = Recorder(clock)
        owner = _accounts(anonymous, mailbox)
        _buying(owner, fake)
        _vessels(owner)
        first = _corrosion(owner, visit=0)
        clock.shift(timedelta(days=365))
        owner.get("/auth/me")  # 401, expired
        owner = owner.signed_in(_sign_in(anonymous)["access_token"])
        second = _comparison(owner, first)
        record_dossiers(owner, settings, old=first, recent=second)
        record_surveys(owner, fake)
        _osmosis(owner, second)
        _handing_over(anonymous, owner, mailbox)
        _notified(owner)
        _failing(owner)
        _health(anonymous)
        _refused_everywhere(owner)
        _erasure(owner)
    _other_webhooks(anonymous, settings, folder)
    common = {code: body_of(refusal) | {"request_id": REQUEST_ID} for code, refusal in _COMMON.items()}
    return _plain({"errors": common, "operations": dict(sorted(anonymous.operations.items()))}), anonymous.headers


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with stable ids, times and links, so that it changes only when an answer does."""
    text = json.dumps(record, ensure_ascii=False)
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    ids: dict[str, str] = {}
    text = _UUID.sub(lambda found: ids.setdefault(found[0], str(uuid5(_NAMESPACE, str(len(ids))))), text)
    plain: dict[str, Any] = json.loads(text)
    return plain


def _sign_in(anonymous: Recorder) -> dict[str, Any]:
    token: dict[str, Any] = anonymous.post("/auth/login", {"email": EMAIL, "password": PASSWORD}).json()["token"]
    return token


def _accounts(anonymous: Recorder, mailbox: list[Any]) -> Recorder:
    pair = {"email": EMAIL, "password": PASSWORD}
    registered = anonymous.post("/auth/register", pair).json()
    anonymous.post("/auth/register", pair)
    anonymous.post("/auth/register", {"email": "mate@example.org", "password": "short"})
    anonymous.post("/auth/login", {"email": EMAIL, "password": "not the password"})
    anonymous.post("/auth/refresh", {"refresh_token": registered["token"]["refresh_token"]})
    anonymous.post("/auth/refresh", {"refresh_token": "not a token"})
    _addresses(anonymous, registered["token"]["access_token"], mailbox)
    anonymous.post("/auth/password/reset", {"email": EMAIL})
    mail_code(reset_id=PasswordReset.objects.latest("requested_at").pk)
    code = code_in(mailbox[-1])
    anonymous.post("/auth/password/reset/confirm", {"email": EMAIL, "code": "000000", "password": PASSWORD})
    anonymous.post("/auth/password/reset/confirm", {"email": EMAIL, "code": code, "password": PASSWORD})
    anonymous.get("/documents/disclaimer")
    anonymous.get("/products")

    leaving = anonymous.signed_in(_sign_in(anonymous)["access_token"])
    leaving.post("/auth/logout")
    leaving.get("/auth/me")
    owner = anonymous.signed_in(_sign_in(anonymous)["access_token"])
    owner.post("/auth/me/consents", {"document": "disclaimer", "version": "1"})
    owner.get("/auth/me")
    device = owner.post("/auth/me/devices", {"platform": "ios", "push_token": "fcm-token-of-this-phone"}).json()
    owner.get("/auth/me/devices")
    owner.get("/auth/me/devices?page_size=1000")  # 400
    owner.delete(f"/auth/me/devices/{device['id']}")
    lost = anonymous.signed_in(_sign_in(anonymous)["access_token"]).get("/auth/me").json()
    owner.get("/auth/me/sessions")
    owner.delete(f"/auth/me/sessions/{lost['session']['id']}")
    owner.post("/auth/password/change", {"old_password": "wrong password", "new_password": PASSWORD})
    owner.post("/auth/password/change", {"old_password": PASSWORD, "new_password": "12345"})
    owner.post("/auth/password/change", {"old_password": PASSWORD, "new_password": PASSWORD})
    _step_up(owner, mailbox)
    owner.get("/auth/me/export")
    export.build(Export.objects.latest("requested_at").pk)
    owner.get("/auth/me/export")
    return owner


def _addresses(anonymous: Recorder, token: str, mailbox: list[Any]) -> None:
    """Verify the address, and fail to change it: another account is quicker."""
    owner, wanted = anonymous.signed_in(token), "skipper@example.net"
    owner.post("/auth/email/verify", {"code": "000000"})
    owner.post("/auth/email/verify", {"code": _mailed_email_code(mailbox)})
    owner.post("/auth/email/verify/resend")
    EmailCode.objects.all().delete()  # the clock does not move: only one is the newest
    owner.post("/auth/email/change", {"password": "wrong password", "new_email": wanted})
    owner.post("/auth/email/change", {"password": PASSWORD, "new_email": wanted})
    code = _mailed_email_code(mailbox)
    anonymous.post("/auth/register", {"email": wanted, "password": PASSWORD})
    owner.post("/auth/email/verify", {"code": code})  # 409


def _step_up(owner: Recorder, mailbox: list[Any]) -> None:
    """Ask for a code of an unproven, of a new and of a proven address; enter a wrong and the right code."""
    account = User.objects.filter(email=EMAIL)
    proven_at = account.get().email_verified_at
    account.update(email_verified_at=None)
    owner.post("/auth/step-up")  # 403
    account.update(email_verified_at=proven_at, email_changed_at=timezone.now())
    owner.post("/auth/step-up")  # 403
    account.update(email_changed_at=None)
    owner.post("/auth/step-up")
    step_up_codes.mail_code(step_up_id=StepUp.objects.get().pk)
    owner.post("/auth/step-up/verify", {"code": "000000"})  # 400
    owner.post("/auth/step-up/verify", {"code": code_in(mailbox[-1])})


def _mailed_email_code(mailbox: list[Any]) -> str:
    email_codes.mail_code(code_id=EmailCode.objects.get(sent_at=None).pk)
    return code_in(mailbox[-1])


def _buying(owner: Recorder, fake: FakeStripe) -> None:
    owner.get("/entitlements/osmosis")
    owner.post("/inspections", {"mode": "osmosis"})  # 402
    page = owner.post("/checkout/sessions", {"product": "osmosis_inspection"}).json()
    owner.get(f"/checkout/sessions/{page['session_id']}")
    fake.pay(page["url"].rpartition("/")[2])
    event = fake.events[-1]
    body, headers = fake.signed(event)
    owner.signed_in("").post_bytes("/webhooks/stripe", body, {"Stripe-Signature": headers["Stripe-Signature"]})
    owner.signed_in("").post_bytes("/webhooks/stripe", body, {"Stripe-Signature": "t=1,v1=forged"})
    deliver_events(fake)
    owner.get(f"/checkout/sessions/{page['session_id']}")
    owner.get(f"/orders/{page['session_id']}")
    owner.get("/orders")
    owner.get("/orders?page_size=1000")  # 400
    owner.post(f"/orders/{page['session_id']}/cancel")
    owner.post(f"/orders/{page['session_id']}/cancel", **{"Idempotency-Key": "x" * 256})  # 400
    _subscribing(owner, fake)
    owner.post("/payments/osmosis/mock", {"paid": True})
    owner.get("/subscriptions/status")


def _subscribing(owner: Recorder, fake: FakeStripe) -> None:
    """Record a subscription that is refunded at the end: the rest of the walk has none."""
    page = owner.post("/checkout/sessions", {"product": "corrosion_monthly"}).json()
    owner.post("/checkout/sessions", {"product": "corrosion_monthly"})  # 200
    fake.pay(page["url"].rpartition("/")[2])
    deliver_events(fake)
    owner.post("/checkout/sessions", {"product": "corrosion_yearly"})  # 409
    owner.post(f"/orders/{page['session_id']}/cancel")  # 409: a subscription is cancelled in another way
    fake.refund(Order.objects.get(pk=page["session_id"]).payment_ref)
    deliver_events(fake)


def _other_webhooks(anonymous: Recorder, settings: Any, folder: Path) -> None:
    """Record the stores' webhooks, which are signed by the real clock."""
    with FakeAppStore() as apple:
        configure_app_store(settings, apple, folder)
        body = apple.notification("TEST")
        anonymous.post_bytes("/webhooks/app-store", body, {})
        anonymous.post_bytes("/webhooks/app-store", b"{}", {})
    settings.EMAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": "hook:secret"}
    bounce = {"RecordType": "Bounce", "MessageID": "1", "Type": "HardBounce", "Email": "gone@example.org"}
    signed = {"Authorization": f"Basic {b64encode(b'hook:secret').decode()}"}
    anonymous.post_bytes("/webhooks/mail", json.dumps(bounce).encode(), signed)
    anonymous.post_bytes("/webhooks/mail", b"{}", {})
    stores.cache_clear()
    with selling_on_play(settings):
        fields = {"version": "1.0", "notificationType": 4, "purchaseToken": "abcdefgh.AO-J1Oz"}
        push = push_of({"version": "1.0", "packageName": PACKAGE, "subscriptionNotification": fields})
        anonymous.post_bytes("/webhooks/play-store", push.body, {"Authorization": push.headers["Authorization"]})
        anonymous.post_bytes("/webhooks/play-store", b"{}", {})


def _photograph(owner: Recorder, opened: dict[str, Any], mode: str, *, visit: int) -> None:
    """Announce, upload and report the three photos of the first point."""
    photos = {
        photo.angle: photo.content for photo in sample_set(mode=mode, seed=7, points=1, severity=0.35, visit=visit)
    }
    for target in opened["uploads"]:
        content = photos[target["angle"]]
        announcement = {
            "angle": target["angle"],
            "content_type": "image/jpeg",
            "byte_size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "capture": {"device_model": "Phone 12", "os": "iOS 19", "app_version": "1.0"},
        }
        announced = owner.post(f"/slots/{target['slot_id']}/assets", announcement).json()
        owner.post(f"/slots/{target['slot_id']}/assets", announcement)  # 200
        owner.post(f"/assets/{announced['asset_id']}/uploaded")  # 409 for the first
        owner.put(announced["upload"], content, kind="image/png")  # 403
        owner.put(announced["upload"], content[:-1] + b"!")  # 400
        owner.put(target, b"", CONTENT_LENGTH=str(10**9))  # 413
        owner.put(announced["upload"], content)
        owner.post(f"/assets/{announced['asset_id']}/uploaded")
        owner.glance(f"/assets/{announced['asset_id']}")
        check_uploaded_photo(UUID(announced["asset_id"]))
        owner.get(f"/assets/{announced['asset_id']}")


def _vessels(owner: Recorder) -> None:
    """Record the vessel that the inspections are of, and one that is renamed and deleted."""
    owner.post("/vessels", {"length_m": 9})  # 400
    tern = {"name": "Tern", "hull_material": "steel", "length_m": 11.2, "built_year": 1979, "home_port": "Laboe"}
    owner.post("/vessels", tern)
    owner.post("/vessels", {"name": "TERN"})  # 200
    path = f"/vessels/{owner.post('/vessels', {'name': 'Gannet'}).json()['vessel_id']}"
    owner.patch(path, {"name": "Puffin", "hull_id": "DE-ABC12345D979"})
    owner.patch(path, {"name": "tern"})  # 409
    owner.patch(path, {"built_year": 1066})  # 400
    owner.delete(path)
    owner.get(path)  # 404
    owner.get("/vessels")
    owner.get("/vessels?page_size=1000")  # 400


def _handing_over(anonymous: Recorder, owner: Recorder, mailbox: list[Any]) -> None:
    """Record offers of a vessel that are cancelled, declined, and confirmed by both; the last one is disputed."""
    pair = {"email": "buyer@example.com", "password": PASSWORD}
    buyer = anonymous.signed_in(anonymous.post("/auth/register", pair).json()["token"]["access_token"])
    own = buyer.post("/vessels", {"name": "Dinghy"}).json()["vessel_id"]
    buyer.post(f"/vessels/{own}/handovers", {"to_email": EMAIL})  # 403
    email_codes.mail_code(code_id=EmailCode.objects.get(email=pair["email"]).pk)
    buyer.post("/auth/email/verify", {"code": code_in(mailbox[-1])})
    vessel_id = owner.post("/vessels", {"name": "Kittiwake"}).json()["vessel_id"]
    account = User.objects.get(email=EMAIL)
    visit = InspectionFactory.create(owner=account, vessel=Vessel.objects.get(pk=vessel_id), completed=True)
    path, offer = f"/vessels/{vessel_id}/handovers", {"to_email": pair["email"], "credits": 0}
    owner.post(path, {"to_email": "no address"})  # 400
    opened = InspectionFactory.create(owner=account, vessel=visit.vessel)
    owner.post(path, offer)  # 409
    opened.delete()
    cancelled = owner.post(path, offer).json()["handover_id"]
    owner.post(path, offer)  # 409
    owner.delete(f"/vessels/{vessel_id}")  # 409
    owner.delete(f"/inspections/{visit.pk}")  # 409
    owner.post("/inspections", {"mode": "osmosis", "vessel_id": vessel_id})  # 409
    buyer.post(f"/handovers/{cancelled}/cancel")  # 403
    owner.post(f"/handovers/{cancelled}/cancel")
    owner.post(f"/handovers/{cancelled}/confirm", {"code": "000000"})  # 409
    declined = owner.post(path, offer).json()["handover_id"]
    owner.post(f"/handovers/{declined}/decline")  # 403
    buyer.post(f"/handovers/{declined}/decline")
    _confirming(owner, buyer, owner.post(path, offer).json()["handover_id"], mailbox)


def _confirming(owner: Recorder, buyer: Recorder, handover_id: str, mailbox: list[Any]) -> None:
    path = f"/handovers/{handover_id}"
    buyer.get(path)
    owner.post(f"{path}/dispute", {"reason": "Another boat."})  # 409
    owner.post(f"{path}/dispute", {})  # 400
    owner.post(f"{path}/confirm", {"code": "000000"})  # 400: none was mailed yet
    seller, before = User.objects.filter(email=EMAIL), len(mailbox)
    seller.update(email_verified_at=None)
    owner.post(f"{path}/confirm", {"code": "000000"})  # 403
    owner.post(f"{path}/dispute", {"reason": "Another boat."})  # 403
    seller.update(email_verified_at=timezone.now())
    for code_id in handover_codes.codes_of(UUID(handover_id)):
        handover_codes.send_code(code_id)
    codes = {mail.to[0]: code_in(mail) for mail in mailbox[before:]}
    owner.post(f"{path}/confirm", {"code": codes[EMAIL]})
    buyer.post(f"{path}/confirm", {"code": codes["buyer@example.com"]})
    owner.post(f"{path}/cancel")  # 409
    buyer.post(f"{path}/decline")  # 409
    buyer.get("/handovers")
    buyer.get("/handovers?page_size=1000")  # 400
    buyer.post(f"{path}/dispute", {"reason": "The photos show another boat than the one that I bought."})
    owner.post(f"{path}/confirm", {"code": codes[EMAIL]})
    owner.get(f"/handovers/{UUID(int=7)}")  # 404


def _notified(owner: Recorder) -> None:
    newest = owner.get("/notifications").json()["results"][0]
    owner.get("/notifications?unread=perhaps")  # 400
    owner.post(f"/notifications/{newest['id']}/read")
    owner.post("/notifications/read-all")
    owner.get("/notifications/web-push-key")  # 404
    with override_settings(VAPID_PRIVATE_KEY=encoded(bytes(31) + b"\7"), VAPID_SUBJECT="mailto:push@example.org"):
        owner.get("/notifications/web-push-key")
    owner.get("/auth/me/notification-preferences")
    quiet = {"quiet_hours": {"from": "22:00", "to": "07:00"}, "time_zone": "Europe/Berlin", "locale": "de"}
    owner.change("/auth/me/notification-preferences", {"kinds": [{"kind": "result_ready", "email": False}], **quiet})
    owner.change("/auth/me/notification-preferences", {"kinds": [{"kind": "security", "push": False}]})  # 400


def _corrosion(owner: Recorder, *, visit: int) -> str:
    """Run one free corrosion inspection to its result; return its id."""
    owner.get("/capture-policy/corrosion")
    context = {"hull_material": "steel", "hauled_out_at": "2026-04-30T08:00:00Z", "surface": "dry"}
    order = {"mode": "corrosion", "label": "Spring", "vessel_label": "Tern", "capture_context": context}
    owner.post("/inspections", {"label": "no mode"})
    owner.post("/inspections", {"mode": "corrosion", "points": 0})  # 400
    opened = owner.post("/inspections", order).json()
    owner.post("/inspections", order)  # 200
    path = f"/inspections/{opened['inspection_id']}"
    owner.post(f"{path}/submit")  # 409
    owner.post(f"{path}/complete")  # 409
    owner.post(f"{path}/slots", {"label": "x" * 200})  # 400
    owner.post(f"{path}/slots", {"label": "bow"})
    _too_many_uploads(owner, opened)
    for _ in range(10 if visit else 5):
        owner.post(f"{path}/slots", {"label": "stern"})  # 403 for the sixth, 409 for the eleventh of a subscriber
    _photograph(owner, opened, "corrosion", visit=visit)
    owner.get(path)
    owner.get(f"{path}/result")  # 409
    owner.get(f"{path}/status")
    owner.post(f"{path}/complete", {"accept_incomplete": "perhaps"})  # 400
    owner.post(f"{path}/submit", {"accept_incomplete": "perhaps"})
    owner.post(f"{path}/complete", {"accept_incomplete": True})
    owner.post(f"{path}/submit", {"accept_incomplete": True})
    _upload_after_submission(owner, opened)
    owner.get(f"{path}/status")
    work(opened["inspection_id"])
    owner.get(f"{path}/status")
    result = owner.get(f"{path}/result").json()
    owner.signed_in("").get(result["corrosion"]["points"][0]["overlay_url"].removeprefix(f"http://testserver{V1}"))
    owner.get("/inspections?mode=corrosion")
    owner.get("/inspections?mode=rust")  # 400
    owner.get("/entitlements/corrosion")
    owner.post("/inspections", {"mode": "corrosion"})  # 403
    owner.get("/corrosion/history")  # 403
    _maintenance_without_subscription(owner)
    owner.get(f"/corrosion/compare?from={opened['inspection_id']}&to={opened['inspection_id']}")
    vessel_id = owner.get(path).json()["vessel_id"]
    owner.get("/corrosion/reminders")  # 403
    owner.change(f"/corrosion/reminders/{vessel_id}", {"interval_days": 365, "enabled": True})  # 403
    owner.get(f"/corrosion/ghosts?for={opened['inspection_id']}")  # 403 for the first visit
    return str(opened["inspection_id"])


def _maintenance_without_subscription(owner: Recorder) -> None:
    """Be refused, unless the owner has subscribed meanwhile."""
    if owner.get("/corrosion/maintenance").status_code == HTTPStatus.OK:
        return
    owner.post("/corrosion/maintenance", {"vessel_label": "Tern", "kind": "painted", "performed_on": "2020-04-01"})
    vessel = Vessel.objects.get(name="Tern")
    noted = Maintenance.objects.create(vessel=vessel, kind="painted", performed_on="2020-04-01")
    owner.delete(f"/corrosion/maintenance/{noted.pk}")
    noted.delete()
    for route in ("timeline", "timeline.svg"):
        owner.get(f"/corrosion/{route}?vessel_label=Tern")


_ANNOUNCED: Final = {"angle": "wide", "content_type": "image/jpeg", "byte_size": 1048576, "sha256": "0" * 64}


def _too_many_uploads(owner: Recorder, opened: dict[str, Any]) -> None:
    """Announce beyond each of the daily limits."""
    photos, path = f"/slots/{opened['uploads'][0]['slot_id']}/assets", f"/inspections/{opened['inspection_id']}"
    bounds = ("UPLOADS_PER_ANGLE", "UPLOAD_BYTES_PER_INSPECTION", "UPLOADS_PER_OWNER")
    for bound in bounds:
        with override_settings(**{bound: 0}):
            owner.post(photos, _ANNOUNCED)
    with override_settings(UPLOADS_PER_OWNER=0):
        owner.post(f"{path}/slots", {"label": "stern"})


def _upload_after_submission(owner: Recorder, opened: dict[str, Any]) -> None:
    """Announce after the inspection was submitted."""
    target = opened["uploads"][0]
    owner.post(f"/slots/{target['slot_id']}/assets", _ANNOUNCED)
    owner.post(f"/inspections/{opened['inspection_id']}/slots", {"label": "stern"})


def _failing(owner: Recorder) -> None:
    """Let an inspection expire without a submission."""
    wanted, key = {"mode": "corrosion", "label": "forgotten"}, {"Idempotency-Key": "one more"}
    with override_settings(UPLOADS_PER_OWNER=0):
        owner.post("/inspections", wanted, **key)  # 429
    opened = owner.post("/inspections", wanted, **key).json()
    Inspection.objects.filter(pk=opened["inspection_id"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    sweep()
    path = f"/inspections/{opened['inspection_id']}"
    owner.get(f"{path}/result")
    owner.post(f"{path}/submit")
    owner.post(f"{path}/complete")


def _health(anonymous: Recorder) -> None:
    """Record each part as healthy, and then without the object store."""
    anonymous.look("/health")
    with patch("maretech.health.silent_queues", return_value=[]):
        for trouble in (None, ObjectStoreUnavailable("away")):
            with patch("maretech.health.readiness", Readiness()), patch.object(LocalStore, "ping", side_effect=trouble):
                anonymous.look("/health/ready")


def _comparison(owner: Recorder, first: str) -> str:
    owner.post("/subscriptions/corrosion/mock", {"active": True, "plan": "yearly"})
    owner.get("/subscriptions/status")
    second = _corrosion(owner, visit=1)
    owner.get("/corrosion/history")
    vessel_id = owner.get("/vessels").json()["results"][0]["vessel_id"]
    owner.get(f"/vessels/{vessel_id}")
    owner.get(f"/corrosion/history?vessel_id={vessel_id}")
    owner.get(f"/corrosion/history?vessel_id={first}")  # 404
    owner.get("/corrosion/history?page_size=1000")  # 400
    owner.change(f"/corrosion/reminders/{vessel_id}", {"interval_days": 7, "enabled": True})  # 400
    owner.get("/corrosion/reminders?page_size=1000")  # 400
    owner.get(f"/corrosion/compare?from={first}&to={second}")
    for route in ("timeline", "timeline.svg"):
        owner.glance(f"/corrosion/{route}?vessel_label=Tern")
    work_off()
    owner.get(f"/corrosion/compare?from={first}&to={second}")
    owner.get(f"/corrosion/compare?from={first}&to={first}")  # 400
    owner.get("/corrosion/ghosts")  # 400
    owner.get(f"/corrosion/ghosts?for={vessel_id}")  # 404
    _timeline(owner)
    return second


def _timeline(owner: Recorder) -> None:
    """Note maintenance between both visits, and by mistake; show the timeline."""
    anodes = {"vessel_label": "Tern", "kind": "anodes", "performed_on": "2026-10-03", "note": "two at the stern"}
    owner.post("/corrosion/maintenance", anodes)
    owner.post("/corrosion/maintenance", anodes)  # 200: the entry that exists
    owner.post("/corrosion/maintenance", anodes | {"performed_on": "2126-10-03"})  # 400
    owner.post("/corrosion/maintenance", anodes | {"vessel_label": "Tren"})  # 404
    painted = {"vessel_label": "Tern", "kind": "painted", "performed_on": "2026-10-04", "points": [2]}
    noted = owner.post("/corrosion/maintenance", painted).json()
    owner.get("/corrosion/maintenance?vessel_label=Tern")
    owner.get("/corrosion/maintenance?page_size=1000")  # 400
    path = f"/corrosion/maintenance/{noted['maintenance_id']}"
    owner.delete(path)
    owner.delete(path)  # 404
    work_off()
    for route in ("timeline", "timeline.svg"):
        owner.get(f"/corrosion/{route}?vessel_label=Tern")
        owner.get(f"/corrosion/{route}?vessel_label=Tren")  # 404
        owner.get(f"/corrosion/{route}")  # 400


def _osmosis(owner: Recorder, corroded: str) -> None:
    owner.get("/capture-policy/osmosis")
    opened = owner.post("/inspections", {"mode": "osmosis", "vessel_label": "Anna"}).json()
    path = f"/inspections/{opened['inspection_id']}"
    lift_out = f"/osmosis/lift-outs/{owner.get(path).json()['vessel_id']}"
    owner.change(lift_out, {"lifted_out_at": "1066-10-14T09:00:00Z"})  # 400
    owner.change(lift_out, {"lifted_out_at": (timezone.now() - timedelta(minutes=40)).isoformat()})
    owner.get(lift_out)
    _photograph(owner, opened, "osmosis", visit=0)
    owner.post("/payments/osmosis/mock", {"paid": False})
    owner.post(f"{path}/submit")  # 402
    owner.post(f"{path}/complete")
    owner.post("/payments/osmosis/mock", {"paid": True})
    owner.post(f"{path}/submit")
    work(opened["inspection_id"])
    owner.get(f"{path}/result")
    owner.delete(lift_out)
    owner.get(f"/corrosion/compare?from={opened['inspection_id']}&to={corroded}")  # 400
    owner.get(f"/corrosion/ghosts?for={opened['inspection_id']}")  # 400
    owner.delete(path)
    owner.post("/payments/validate", {"provider": "app_store", "receipt": "mock-valid-2000000123456789"})
    owner.post("/payments/validate", {"provider": "play_store", "receipt": "not a receipt"})
    with override_settings(MOCK_BILLING=False):
        owner.post("/payments/osmosis/mock", {"paid": True})  # 404
        owner.post("/subscriptions/corrosion/mock", {"active": True})  # 404


def _refused_everywhere(owner: Recorder) -> None:
    """Send an empty body and an unknown id to each operation that can refuse them."""
    for one in operations():
        path = one.url().removeprefix(V1)
        if not one.path.startswith(V1) or one.path.startswith(f"{V1}/webhooks/"):
            continue
        for status, body in (("400", {}), ("404", one.body())):
            if status in one.spec["responses"] and one.method in ("GET", "POST", "PATCH", "DELETE"):
                sender = getattr(owner, one.method.lower())
                sender(path, body) if one.method in ("POST", "PATCH") else sender(path)


def _erasure(owner: Recorder) -> None:
    owner.post("/auth/me/erasure", {"password": "wrong password"})
    owner.post("/auth/me/erasure", {"password": PASSWORD})
