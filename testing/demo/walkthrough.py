"""One owner uses both products, step by step, over HTTP."""

from testing.demo.corrosion import DateBack, track_corrosion
from testing.demo.osmosis import inspect_for_osmosis
from testing.demo.owner import Owner


def play(owner: Owner, date_back: DateBack) -> None:
    """Call everything that an owner uses of both products. Raises `WalkthroughFailed` or `Refused`."""
    owner.register()
    inspect_for_osmosis(owner)
    track_corrosion(owner, date_back)
    print_notifications(owner)


def print_notifications(owner: Owner) -> None:
    rows = owner.phone.fetch("/notifications")["results"]
    owner.say(f"notifications: {len(rows)}, oldest first")
    for row in reversed(rows):
        owner.say(f"    {row['kind']}: {row['title']}")
