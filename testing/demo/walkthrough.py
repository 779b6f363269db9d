"""One owner uses both products, step by step, over HTTP."""

import secrets
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from billing.catalogue.currencies import money
from testing.demo.photos import Walk
from testing.phone import Phone, Refused

POINTS = 5
Say = Callable[[str], None]
Photographs = Callable[[str, int], Walk]
"""Given a mode and the number of the visit, the photos of that walk."""


class WalkthroughFailed(Exception):
    """The server did not behave as the contract says."""


def expect_refusal(error_code: str, reason: str | None, call: Callable[[], Any]) -> str:
    """Return the message of the expected refusal. Raises `WalkthroughFailed` if the call does not refuse."""
    try:
        call()
    except Refused as refused:
        if (refused.body.get("error_code"), refused.body.get("reason")) != (error_code, reason):
            raise WalkthroughFailed(f"expected {error_code}, got {refused}") from refused
        return f"{refused.status} {error_code}" + (f" ({reason})" if reason else "")
    raise WalkthroughFailed(f"expected {error_code}, but the call succeeded")


class Walkthrough:
    """Calls everything that an owner uses of both products. `overlays` collects the drawn pictures."""

    def __init__(self, phone: Phone, photographs: Photographs, overlays: Path, say: Say) -> None:
        self.phone = phone
        self.photographs = photographs
        self.overlays = overlays
        self.say = say
        self.email = f"owner-{secrets.token_hex(3)}@example.org"

    def play(self) -> None:
        self.register()
        self.inspect_for_osmosis()
        first = self.inspect_for_corrosion_for_free()
        self.subscribe()
        second = self.inspect_for_corrosion_again()
        self.compare(first, second)

    def register(self) -> None:
        self.phone.register(self.email, secrets.token_urlsafe(16))
        self.say(f"registered as {self.email}")

    def inspect_for_osmosis(self) -> None:
        policy = self.phone.fetch("/capture-policy/osmosis")
        self.say(f"osmosis: up to {policy['max_points']} areas of {policy['angles_per_point']} photos, paid first")
        refusal = expect_refusal(
            "PAYMENT_REQUIRED", None, lambda: self.phone.send("/inspections", {"mode": "osmosis", "points": 2})
        )
        self.say(f"osmosis without paying: {refusal}")
        order = self.buy_on_the_web()
        self.report(self.create_upload_complete("osmosis", visit=0, context={"hull_material": "grp", "surface": "wet"}))
        delivered = self.phone.poll(f"/orders/{order}", until=lambda body: body["status"] == "fulfilled")
        steps = " → ".join(step["status"] for step in delivered["history"])
        self.say(f"the order: {steps}; delivered, so the money is earned")

    def buy_on_the_web(self) -> str:
        """Create the order, pay on the provider's page; its event marks the order paid. Returns the order's id."""
        page = self.phone.send(
            "/checkout/sessions", {"product": "osmosis_inspection"}, HTTP_IDEMPOTENCY_KEY="demo-purchase"
        )
        self.say(f"osmosis bought on the web: order {page['session_id']} is {page['status']}")
        self.say(f"    hosted page, of a fake Stripe: {page['url']}")
        self.phone.fill_in(page["url"], how="card")
        order = self.phone.poll(f"/orders/{page['session_id']}", until=lambda body: body["status"] == "paid")
        credit = self.phone.fetch("/entitlements/osmosis")["credits"]
        price = money(order["price"]["amount_minor"], order["price"]["currency"])
        self.say(f"    card paid, webhook heard: {price} in, {credit} credit granted")
        return str(page["session_id"])

    def inspect_for_corrosion_for_free(self) -> str:
        policy = self.phone.fetch("/capture-policy/corrosion")
        self.say(f"corrosion: the first inspection is free, {policy['free_points']} points of 3 photos")
        inspection_id = self.slots_assets_submit()
        self.report(inspection_id)
        refusal = expect_refusal(
            "SUBSCRIPTION_REQUIRED", "PAYWALL_UI_035", lambda: self.phone.fetch("/corrosion/history")
        )
        self.say(f"history without a subscription: {refusal}")
        return inspection_id

    def subscribe(self) -> None:
        allowance = self.phone.send("/subscriptions/corrosion/mock", {"active": True, "plan": "yearly"})
        self.say(f"subscribed (mock, {allowance['plan']}): {allowance['corrosion_points_allowed']} points from now on")

    def inspect_for_corrosion_again(self) -> str:
        inspection_id = self.create_upload_complete("corrosion", visit=1, context={"hull_material": "steel"})
        self.report(inspection_id)
        return inspection_id

    def compare(self, first: str, second: str) -> None:
        history = self.phone.fetch("/corrosion/history")["inspections"]
        self.say(f"history: {len(history)} inspections, newest first")
        path = f"/corrosion/compare?from={first}&to={second}"
        comparison = self.phone.poll(path, until=lambda body: body.get("status") != "pending")
        trend = comparison["trend"] or f"not comparable ({', '.join(comparison['reasons'])})"
        self.say(f"compared: {trend}")
        self.say_plainly(comparison.get("explanation") or "")
        for point in comparison.get("points", []):
            reasons = f" ({', '.join(point['reasons'])})" if point["reasons"] else ""
            self.say(f"    point {point['point_index']}: {point['trend'] or 'not comparable'}{reasons}")

    def create_upload_complete(self, mode: str, *, visit: int, context: dict[str, str]) -> str:
        """Run the short flow: all targets at once, then `complete`."""
        walk = self.photographs(mode, visit)
        opened = self.phone.send(
            "/inspections",
            {"mode": mode, "points": len(walk), "capture_context": context, "label": f"Demo, visit {visit + 1}"},
            HTTP_IDEMPOTENCY_KEY=secrets.token_hex(8),
        )
        for target in opened["uploads"]:
            self.phone.upload(target, walk[target["point_index"]][target["angle"]])
        self.say(f"{mode}: {len(opened['uploads'])} photos uploaded through their links")
        self.phone.send(f"/inspections/{opened['inspection_id']}/complete")
        return str(opened["inspection_id"])

    def slots_assets_submit(self) -> str:
        """Run the guided flow: point by point, photo by photo, each checked while the owner is still at the hull."""
        walk = self.photographs("corrosion", 0)
        context = {"hull_material": "steel", "antifouling": "present"}
        opened = self.phone.send("/inspections", {"mode": "corrosion", "capture_context": context})
        inspection = f"/inspections/{opened['inspection_id']}"
        for index, photos in walk.items():
            slot = self.phone.send(f"{inspection}/slots", {"label": f"plate {index}"})
            for angle in slot["required_angles"]:
                self.phone.declare_and_upload(slot["slot_id"], angle, photos[angle])
        if len(walk) == POINTS:
            refusal = expect_refusal(
                "SUBSCRIPTION_REQUIRED", "PAYWALL_UI_035", lambda: self.phone.send(f"{inspection}/slots")
            )
            self.say(f"point {POINTS + 1} for free: {refusal}")
        detail = self.phone.poll(inspection, until=_all_checked)
        states = [asset["state"] for slot in detail["slots"] for asset in slot["assets"]]
        self.say(f"photos checked at the hull: {states.count('ready')} ready, {states.count('rejected')} to retake")
        self.phone.send(f"{inspection}/submit")
        return str(opened["inspection_id"])

    def report(self, inspection_id: str) -> None:
        """Wait for the result, print it in plain words, and keep its overlays as files."""
        inspection = f"/inspections/{inspection_id}"
        self.phone.poll(f"{inspection}/status", until=lambda body: body["status"] in ("completed", "failed"))
        result = self.phone.fetch(f"{inspection}/result")
        mode, coverage = result["mode"], result["coverage"]
        self.say(
            f"{mode} result: signal {result['signal_detected']}, confidence {result['confidence_level']}, "
            f"guidance {', '.join(result['guidance'])}; {coverage['photos_used']} photos used, "
            f"{coverage['photos_rejected']} rejected; {result['model_version']}"
        )
        self.say_plainly(result["explanation"])
        for entry in result[mode].get("points") or result[mode].get("areas"):
            band = entry.get("coverage_band") or entry.get("density_band")
            self.say(f"    {entry['label'] or entry['point_index']}: {band}, {entry['signal_detected']}")
            if entry["overlay_url"]:
                path = self.overlays / f"{mode}-{inspection_id[:8]}-{entry['point_index']}.png"
                path.write_bytes(self.phone.download(entry["overlay_url"]))

    def say_plainly(self, text: str) -> None:
        for line in textwrap.wrap(text, 96):
            self.say(f"    | {line}")


def _all_checked(detail: dict[str, Any]) -> bool:
    states = {asset["state"] for slot in detail["slots"] for asset in slot["assets"]}
    return not states & {"created", "uploaded"}
