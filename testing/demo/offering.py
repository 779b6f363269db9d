"""Makes an account of the demo a surveyor with free times. Staff do this in the admin; the API has no call for it.

Runs beside the demo's server on its own throw-away database, with the rules that the admin uses.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from inspections.vocabulary import Mode
from surveys.directory.slots import Pattern, make_slots
from surveys.directory.surveyors import Profile, add_place, register_surveyor

# Near enough to check in today: from twelve hours before the start.
STARTS_IN = timedelta(hours=3)
TIMES = 3
PRICE_MINOR = 18_000


def offer_times(email: str) -> None:
    """Register the surveyor, and offer times from three hours from now on."""
    profile = Profile(
        name="Petra Holm",
        modes=list(Mode),
        regions=["Kieler Förde"],
        qualifications=["Yacht and small craft surveyor"],
        languages=["de", "en"],
    )
    row = register_surveyor(user=User.objects.get(email=email), profile=profile, country="DE", currency="EUR")
    first = (timezone.now() + STARTS_IN).replace(minute=0, second=0, microsecond=0)
    make_slots(
        add_place(row, name="Hall 2, Kiel", time_zone="UTC"),
        Pattern(
            first_day=first.date(),
            last_day=first.date(),
            weekdays=range(7),
            first_start=first.time(),
            count=TIMES,
            length=timedelta(hours=1),
            skips_holidays=False,
            price_minor=PRICE_MINOR,
        ),
    )
