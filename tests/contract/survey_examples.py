"""Record the examples of appointments: held, paid, checked in, completed, disputed, reviewed; and each refusal."""

from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from accounts.identity.sessions import start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import User
from billing.models import Order
from dossiers.models import Dossier
from notifications.models import Notification
from surveys.check_ins.tokens import make_token
from surveys.disputes import cases
from surveys.models import Appointment, AppointmentDispute, Slot, Surveyor
from surveys.vocabulary import Outcome
from testing.dossiers import draft_of, final_of
from testing.factories import UserFactory
from testing.surveys import place_of, slot_of, surveyor_in
from testing.web_purchases import deliver_events

_PROFILE: Final = {"qualifications": ["DIN EN ISO/IEC 17024"], "languages": ["de", "en"]}
_LATE: Final = {"reason": "The surveyor came an hour late and left after ten minutes."}
_EXPLAINED: Final = {"explanation": "I waited at the gate from 9:00 on. A colleague can confirm it."}
_REPORTED: Final = {"reason": "It names a private person."}


def record_surveys(owner: Any, fake: Any) -> None:
    """Walk through appointments of the owner with a surveyor, and through the other party's calls."""
    user = User.objects.get(pk=owner.get("/auth/me").json()["id"])
    surveyor = surveyor_in(account_ref=fake.connect_account()["id"], **_PROFILE)
    desk = owner.signed_in(issue_tokens(start_session(user=surveyor.user)).access_token)
    _looking(owner, surveyor)
    dossier = final_of(user)
    _holding(owner, desk, surveyor)
    _holding_with_a_dossier(owner, dossier, slot_of(surveyor, starts_in=timedelta(days=4)))
    _code_and_cancellation(owner, desk, _paid(owner, fake, slot_of(surveyor)), surveyor)
    missed = _paid(owner, fake, slot_of(surveyor, starts_in=timedelta(days=6)))
    _missed(owner, desk, missed)
    done = _paid(owner, fake, slot_of(surveyor, starts_in=timedelta(hours=2)), dossier=dossier)
    _checked_in(owner, desk, done, surveyor)
    _reviewed(owner, done)
    _disputed(owner, done)
    desk.get("/surveyors/me/appointments")
    desk.get("/surveyors/me/appointments?page_size=1000")  # 400
    desk.get("/surveyors/me/payouts")
    desk.get("/surveyors/me/payouts?page_size=1000")  # 400
    owner.get("/surveyors/me/appointments")  # 403
    owner.get("/surveyors/me/payouts")  # 403
    owner.get("/appointments")
    owner.get("/appointments?page_size=1000")  # 400


def _looking(owner: Any, surveyor: Surveyor) -> None:
    path, slot = f"/surveyors/{surveyor.pk}", slot_of(surveyor, starts_in=timedelta(days=3))
    owner.get("/surveyors?region=kiel&mode=corrosion")
    owner.get("/surveyors?mode=rust")  # 400
    owner.get(path)
    owner.get(f"{path}/appointment-slots")
    owner.get(f"{path}/appointment-slots?from=tomorrow")  # 400
    slot.delete()


def _holding(owner: Any, desk: Any, surveyor: Surveyor) -> None:
    slot = slot_of(surveyor)
    wanted = {"slot_id": str(slot.pk)}
    owner.post("/appointments", {})  # 400
    owner.post("/appointments", {"slot_id": str(UUID(int=7))})  # 404
    desk.post("/appointments", wanted)  # 409, an own offer
    with _unproven():
        owner.post("/appointments", wanted)  # 403
    with override_settings(APPOINTMENT_HOLDS=0):
        owner.post("/appointments", wanted)  # 409
    with override_settings(APPOINTMENT_HOLDS_PER_DAY=0):
        owner.post("/appointments", wanted)  # 429
    held = owner.post("/appointments", wanted).json()
    owner.post("/appointments", wanted)  # 409, taken
    path = f"/appointments/{held['appointment_id']}"
    with _unproven():
        owner.post(f"{path}/checkout")  # 403
    owner.post(f"{path}/checkout", **{"Idempotency-Key": "x" * 256})  # 400
    owner.get(f"{path}/qr")  # 409
    owner.post(f"{path}/cancel")
    owner.post(f"{path}/checkout")  # 409


def _holding_with_a_dossier(owner: Any, dossier: Dossier, slot: Slot) -> None:
    """Attach a draft, and the dossier of a vessel that has another owner by now."""
    handed_over = Dossier.objects.filter(pk=dossier.pk)
    handed_over.update(vessel_handed_over_at=timezone.now())
    for each in (draft_of(dossier.owner), dossier):
        owner.post("/appointments", {"slot_id": str(slot.pk), "dossier_id": str(each.pk)})  # 409
    handed_over.update(vessel_handed_over_at=None)


def _paid(owner: Any, fake: Any, slot: Slot, **attached: Any) -> Appointment:
    """Hold a slot and pay for it."""
    wanted = {"slot_id": str(slot.pk), **{f"{name}_id": str(row.pk) for name, row in attached.items()}}
    row = Appointment.objects.get(pk=owner.post("/appointments", wanted).json()["appointment_id"])
    page = owner.post(f"/appointments/{row.pk}/checkout").json()
    owner.post(f"/appointments/{row.pk}/checkout")  # 200
    since = len(fake.events)
    fake.pay(Order.objects.get(pk=page["session_id"]).provider_ref)
    deliver_events(fake, since=since)
    # A payment and its confirmation have one time: their order in a list would depend on their ids.
    confirmed = Notification.objects.filter(kind="appointment_confirmed", data__appointment_id=str(row.pk))
    confirmed.update(created_at=F("created_at") + timedelta(seconds=1))
    return row


def _code_and_cancellation(owner: Any, desk: Any, row: Appointment, surveyor: Surveyor) -> None:
    path = f"/appointments/{row.pk}"
    owner.get(path)
    owner.get(f"{path}/qr?picture=gif")  # 400
    owner.post(f"{path}/dispute", _LATE)  # 409, not over
    owner.post(f"{path}/complete")  # 403
    owner.post(f"{path}/no-show")  # 403
    owner.post(f"{path}/dispute", {})  # 400
    desk.post(f"{path}/complete")  # 409
    desk.post(f"{path}/no-show")  # 409, not over
    owner.post(f"/surveyors/{surveyor.pk}/reviews", _review_of(row))  # 409, not completed
    owner.post(f"{path}/cancel")
    desk.post(f"{path}/no-show")  # 409, not open


def _missed(owner: Any, desk: Any, row: Appointment) -> None:
    """Mark an appointment as missed; it is too late to cancel or to dispute it."""
    path = f"/appointments/{row.pk}"
    _move(row, ends_in=timedelta(hours=-1))
    owner.post(f"{path}/cancel")  # 409
    desk.post(f"{path}/no-show")
    _move(row, ends_in=timedelta(days=-15))
    owner.post(f"{path}/dispute", _LATE)  # 409, too late


def _checked_in(owner: Any, desk: Any, row: Appointment, surveyor: Surveyor) -> None:
    """Scan what is wrong, and then the code."""
    here, token = place_of(surveyor).pk, make_token(row)
    desk.post("/check-ins", {})  # 400
    owner.post("/check-ins", {"token": token, "place_id": str(here)})  # 403
    desk.post("/check-ins", {"token": token, "place_id": str(UUID(int=7))})  # another place
    desk.post("/check-ins", {"token": "no code of ours", "place_id": str(here)})
    with patch("surveys.check_ins.tokens.time.time", return_value=timezone.now().timestamp() - 120):
        expired = make_token(row)
    desk.post("/check-ins", {"token": expired, "place_id": str(here)})
    held = owner.post("/appointments", {"slot_id": str(slot_of(surveyor, starts_in=timedelta(hours=5)).pk)}).json()
    unpaid = make_token(Appointment.objects.get(pk=held["appointment_id"]))
    desk.post("/check-ins", {"token": unpaid, "place_id": str(here)})
    owner.post(f"/appointments/{held['appointment_id']}/cancel")
    for _ in range(2):  # the second time it is checked in already
        desk.post("/check-ins", {"token": make_token(row), "place_id": str(here)})
    desk.get(f"/appointments/{row.pk}/dossier")
    desk.post(f"/appointments/{row.pk}/complete")  # 409, not begun
    _move(row, ends_in=timedelta(minutes=-1))
    desk.post(f"/appointments/{row.pk}/complete")


def _reviewed(owner: Any, row: Appointment) -> None:
    path = f"/surveyors/{row.surveyor_id}/reviews"
    owner.post(path, {})  # 400
    with _unproven():
        owner.post(path, _review_of(row))  # 403
    review = owner.post(path, _review_of(row)).json()
    owner.post(path, _review_of(row))  # 409
    owner.get(path)
    owner.get(f"{path}?page_size=1000")  # 400
    reports = f"/reviews/{review['review_id']}/reports"
    owner.post(reports, {})  # 400
    with _unproven():
        owner.post(reports, _REPORTED)  # 403
    owner.post(reports, _REPORTED)  # 409, an own one
    reader = owner.signed_in(_token_of_another())
    reader.post(reports, _REPORTED)
    reader.post(reports, _REPORTED)  # 409, today already


def _disputed(owner: Any, row: Appointment) -> None:
    path = f"/appointments/{row.pk}/dispute"
    dispute_id = owner.post(path, _LATE).json()["dispute_id"]
    attempts = f"/disputes/{dispute_id}/recovery-attempts"
    owner.post(attempts, {})  # 400
    with patch.object(cases, "MAX_ATTEMPTS", 0):
        owner.post(attempts, _EXPLAINED)  # 409
    owner.post(attempts, _EXPLAINED)
    owner.get(f"/disputes/{dispute_id}")
    staff = UserFactory.create(is_staff=True)
    dispute = AppointmentDispute.objects.get(pk=dispute_id)
    cases.resolve(staff=staff, dispute_id=dispute.pk, outcome=Outcome.PART, refund_minor=5_000, reason="came late")
    owner.get(f"/disputes/{dispute_id}")
    owner.post(attempts, _EXPLAINED)  # 409
    owner.post(path, _LATE)  # 409, decided


def _move(row: Appointment, *, ends_in: timedelta) -> None:
    """Date an appointment back, as if the time had passed: the tokens of the walk would expire."""
    ends_at = timezone.now() + ends_in
    Appointment.objects.filter(pk=row.pk).update(starts_at=ends_at - timedelta(hours=2), ends_at=ends_at)


def _review_of(row: Appointment) -> dict[str, Any]:
    text = "Looked at every through-hull fitting, and explained what to watch."
    return {"appointment_id": str(row.pk), "rating": 5, "text": text}


def _unproven() -> Any:
    return patch.object(User, "email_verified", new=False)


def _token_of_another() -> str:
    reader = UserFactory.create(email_verified_at=timezone.now())
    return issue_tokens(start_session(user=reader)).access_token
