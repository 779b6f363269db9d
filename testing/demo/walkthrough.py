"""One owner uses both products, escalates, and sells the vessel, step by step, over HTTP."""

from testing.demo.appointment import survey
from testing.demo.corrosion import track_corrosion
from testing.demo.dossier import make_dossier
from testing.demo.handover import hand_over
from testing.demo.osmosis import inspect_for_osmosis
from testing.demo.owner import Owner
from testing.demo.server import DemoServer

MOST_NOTIFICATIONS = 100


def play(owner: Owner, server: DemoServer) -> str:
    """Call everything that an owner uses of both products. Raises `WalkthroughFailed` or `Refused`.

    Returns the address of the second owner, who has the vessel with its timeline now.
    """
    owner.register(server.password)
    inspect_for_osmosis(owner)
    latest = track_corrosion(owner, server.date_back)
    dossier_id = make_dossier(owner, server, latest)
    survey(owner, server, dossier_id)
    second_owner = hand_over(owner, server, latest)
    print_notifications(owner)
    return second_owner


def print_notifications(owner: Owner) -> None:
    rows = owner.phone.fetch(f"/notifications?page_size={MOST_NOTIFICATIONS}")["results"]
    owner.say(f"notifications: {len(rows)}, oldest first")
    for row in reversed(rows):
        owner.say(f"    {row['kind']}: {row['title']}")
