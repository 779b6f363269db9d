"""An owner who used every feature, and a search for their data."""

import io
from functools import cache
from uuid import UUID

from django.apps import apps
from django.core import serializers
from django.utils import timezone
from PIL import Image

from accounts.identity.documents import DISCLAIMER
from accounts.models import Erasure, User
from accounts.privacy.erasure import erase_account
from accounts.staff.step_up_flags import flag_account
from billing.models import ProviderEvent
from corrosion.comparison.work import reopen
from corrosion.models import Comparison
from corrosion.tasks import compute_comparison
from corrosion.vocabulary import SupersedingCause
from maretech.common.storage import object_store
from testing.factories import PASSWORD, UserFactory
from testing.fake_push import Browser
from testing.phone import Phone, jpeg, work

VESSEL, LABEL, REGION, PUSH_TOKEN = (
    "Wilhelmine Petersen",
    "keel of Wilhelmine",
    "Laboe, berth 17",
    "ExponentPushToken[w]",
)
CAMERA = "Kestrel Marine Cam"
BROWSER = Browser("https://updates.push.services.mozilla.com/wpush/v2/browser-on-board")
NAMES = (VESSEL, "Wilhelmine", "Laboe", PUSH_TOKEN, CAMERA, *BROWSER.target.values())


@cache
def located(seed: int) -> bytes:
    """Return a photo with a position and a camera name."""
    picture = Image.open(io.BytesIO(jpeg(seed)))
    exif = Image.Exif()
    exif[0x010F] = CAMERA
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (54.0, 24.0, 11.0), "E", (10.0, 13.0, 52.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def inspect(phone: Phone, mode: str, *, seed: int = 0) -> str:
    """Go the whole way to a result, with every text field filled."""
    opened = phone.open(mode, label=LABEL, vessel_label=VESSEL, capture_context={"region_text": REGION})
    for number, upload in enumerate(opened["uploads"]):
        assert phone.put(upload, located(seed + number)).status_code == 200
    assert phone.post(f"/inspections/{opened['inspection_id']}/complete").status_code == 200
    work(opened["inspection_id"])
    return str(opened["inspection_id"])


def use_every_feature(phone: Phone) -> None:
    """Make two corrosion inspections, compared twice, and each other kind of row that an owner can have."""
    phone.subscribe()
    phone.buy()
    for number, mode in enumerate(("corrosion", "corrosion", "osmosis")):
        inspect(phone, mode, seed=10 * number)
    for comparison in Comparison.objects.filter(before__owner=phone.owner):
        compute_comparison(comparison.pk)
        reopen(Comparison.objects.get(pk=comparison.pk), cause=SupersedingCause.STAFF)
        compute_comparison(comparison.pk)
    painted = {"vessel_label": VESSEL, "kind": "painted", "performed_on": "2020-05-01", "note": f"at {REGION}"}
    assert phone.post("/corrosion/maintenance", painted).status_code == 201
    phone.open("corrosion", label=LABEL, vessel_label=VESSEL)
    vessel_id = phone.add_vessel(VESSEL)["vessel_id"]
    phone.set(f"/corrosion/reminders/{vessel_id}", {"interval_days": 365, "enabled": True})
    phone.set(f"/osmosis/lift-outs/{vessel_id}", {"lifted_out_at": "2026-05-01T09:00:00+02:00"})
    phone.post("/auth/me/devices", {"platform": "ios", "push_token": PUSH_TOKEN}, HTTP_IDEMPOTENCY_KEY=VESSEL)
    web = {"platform": "web", "subscription": BROWSER.subscription}
    assert phone.post("/auth/me/devices", web, HTTP_IDEMPOTENCY_KEY=LABEL).status_code == 201
    User.objects.filter(pk=phone.owner.pk).update(email_verified_at=timezone.now())
    assert phone.post("/auth/step-up").status_code == 202
    flag_account(user=phone.owner, staff=UserFactory.create(is_staff=True), reason="a stolen card")
    phone.post("/auth/me/consents", {"document": DISCLAIMER.document, "version": DISCLAIMER.version})


def erase(phone: Phone) -> Erasure:
    """Request the erasure, and play the worker."""
    answer = phone.post("/auth/me/erasure", {"password": PASSWORD})
    assert answer.status_code == 202, answer.content
    erase_account(UUID(answer.json()["receipt_id"]))
    return Erasure.objects.get(pk=answer.json()["receipt_id"])


def stored() -> list[str]:
    return sorted(object_store().list(""))


def found(*names: str) -> list[str]:
    """Return which values exist anywhere: in a row of any table, in an object's key or in its bytes."""
    rows = serializers.serialize("json", [row for model in apps.get_models() for row in model._base_manager.all()])
    rows += "".join(bytes(event.body).decode(errors="replace") for event in ProviderEvent.objects.all())
    objects = "".join(stored()) + "".join(_content(key) for key in stored())
    return [name for name in names if name in rows or name in objects]


def _content(key: str) -> str:
    return object_store().read(key, max_bytes=10**8).decode("latin-1")
