"""Test that the database refuses handovers that cannot be."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from testing.factories import UserFactory, handover_of
from vessels.models import Handover, HandoverCode, HandoverEvent

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def row(owner) -> Handover:
    return handover_of(owner)


def refuses(row: Handover, **changes: object) -> bool:
    try:
        with transaction.atomic():
            Handover.objects.filter(pk=row.pk).update(**changes)
    except IntegrityError:
        return True
    return False


def test_a_status_has_exactly_its_times(row):
    buyer, times = UserFactory.create(), dict.fromkeys(("completed_at", "disputed_at", "decided_at"), NOW())
    by = {"disputed_by": "buyer"}
    for changes in (
        {"status": "lost"},
        {"status": "initiated", "ended_at": NOW()},
        {"status": "cancelled"},
        {"status": "cancelled", "ended_at": NOW(), "completed_at": NOW(), "buyer": buyer},
        {"status": "completed", "completed_at": NOW()},
        {"status": "completed", "buyer": buyer},
        {"status": "completed", "buyer": buyer, "completed_at": NOW(), "ended_at": NOW()},
        {"status": "disputed", "buyer": buyer, "completed_at": NOW()},
        {"status": "disputed", "buyer": buyer, **times, **by},
        {"status": "reversed", "buyer": buyer, "completed_at": NOW(), "disputed_at": NOW(), **by},
    ):
        assert refuses(row, **changes), changes
    for changes in (
        {"status": "expired", "ended_at": NOW()},
        {"status": "completed", "ended_at": None, "buyer": buyer, "completed_at": NOW()},
        {"status": "reversed", "buyer": buyer, **times, **by},
    ):
        assert not refuses(row, **changes), changes


def test_a_dispute_has_its_party(row):
    completed = {"status": "completed", "buyer": UserFactory.create(), "completed_at": NOW()}
    assert refuses(row, **completed, disputed_by="buyer")
    assert refuses(row, **completed, dispute_reason="why")
    assert refuses(row, **completed | {"status": "disputed"}, disputed_at=NOW(), disputed_by="")


def test_nobody_buys_from_themselves_or_for_an_absurd_price(row, owner):
    assert refuses(row, buyer=owner)
    assert refuses(row, credits=1001)


def test_a_vessel_is_in_one_handover_at_a_time(row, owner):
    another = {"vessel": row.vessel, "seller": owner, "expires_at": NOW() + timedelta(hours=1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(**another)
    Handover.objects.filter(pk=row.pk).update(status="expired", ended_at=NOW())
    Handover.objects.create(**another)


def test_a_party_has_one_code_and_only_a_made_one_is_used(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        HandoverCode.objects.create(handover=row, party="seller")
    for changes in ({"used_at": NOW()}, {"sent_at": NOW()}, {"party": "broker"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandoverCode.objects.filter(handover=row, party="buyer").update(**changes)


def test_an_event_has_a_cause(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        HandoverEvent.objects.create(handover=row, to_status="initiated", cause="")
