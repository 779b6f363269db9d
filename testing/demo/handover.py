"""The owner sells the vessel: its history goes to the next owner, with a code from each."""

from functools import partial

from testing.demo.owner import Owner, WalkthroughFailed, expect_refusal
from testing.demo.people import join
from testing.demo.server import DemoServer

SELLERS_CODE = "Your Maretech code to hand a vessel over"
BUYERS_CODE = "Your Maretech code to take over a vessel"


def hand_over(owner: Owner, server: DemoServer, inspection_id: str) -> str:
    """Hand over the vessel of this inspection. Returns the address of its second owner."""
    seller = owner.phone
    vessel_id = seller.fetch(f"/inspections/{inspection_id}")["vessel_id"]
    buyer, email = join(server, "buyer")
    offer = seller.send(f"/vessels/{vessel_id}/handovers", {"to_email": email})
    owner.say(f"handover: {offer['vessel_name']} offered to {email}, {_counted(offer['inspection_counts'])}")
    confirm = f"/handovers/{offer['handover_id']}/confirm"
    half = seller.send(confirm, {"code": server.mails.code_for(owner.email, SELLERS_CODE)})
    done = buyer.send(confirm, {"code": server.mails.code_for(email, BUYERS_CODE)})
    owner.say(f"    the seller's mailed code: {half['status']}; the buyer's: {done['status']}")
    vessel, result = buyer.fetch(f"/vessels/{vessel_id}"), buyer.fetch(f"/inspections/{inspection_id}/result")
    if result["inspection_id"] != inspection_id:
        raise WalkthroughFailed("the buyer does not see the result")
    counted = _counted(vessel["inspection_counts"])
    owner.say(f"    the second owner sees {vessel['name']}, {counted}, and the result of {inspection_id[:8]}")
    for what, path in (("vessel", f"/vessels/{vessel_id}"), ("result", f"/inspections/{inspection_id}/result")):
        refusal = expect_refusal("NOT_FOUND", None, partial(seller.fetch, path))
        owner.say(f"    the first owner asks for the {what}: {refusal}")
    return email


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{mode} inspections: {count}" for mode, count in counts.items() if count)
