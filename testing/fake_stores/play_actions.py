"""Actions of owners on Google Play, and the signed pushes by which Google reports them."""

import base64
import json
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PACKAGE: Final = "org.example.hulls"
AUDIENCE: Final = "https://api.example.org/v1/webhooks/play-store"
PUSH_ACCOUNT: Final = "pusher@project.example.org"
ONE_TIME, MONTHLY, YEARLY = "osmosis_inspection", "corrosion_monthly", "corrosion_yearly"
_STATE: Final = "SUBSCRIPTION_STATE_"
_PERIODS: Final = {MONTHLY: timedelta(days=30), YEARLY: timedelta(days=365)}


@cache
def key_of(who: str) -> rsa.RSAPrivateKey:
    """Return the private key of Google, of the service account, or of another party; made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate_of(who: str) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, who)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key_of(who).public_key(), x509.random_serial_number())
    signed = made.not_valid_before(now).not_valid_after(now + timedelta(days=9)).sign(key_of(who), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


@dataclass(frozen=True)
class Push:
    """A message that Pub/Sub sends to the webhook."""

    body: bytes
    headers: dict[str, str]


class World:
    """Actions of owners on Google Play, and the pushes about them."""

    def __init__(self) -> None:
        self.products: dict[str, dict[str, Any]] = {}
        self.subscriptions: dict[str, dict[str, Any]] = {}
        self.voided: list[dict[str, Any]] = []
        self.pushes: list[Push] = []

    def buy(self, account: str, *, product: str = ONE_TIME, pending: bool = False, **changes: Any) -> str:
        """Buy; return the purchase token. `changes` are passed on unchanged (None: field omitted)."""
        token = f"{secrets.token_hex(12)}.AO-J1O{secrets.token_urlsafe(48)}"
        made = {
            "kind": "androidpublisher#productPurchase",
            "purchaseTimeMillis": str(now_millis()),
            "purchaseState": 2 if pending else 0,
            "consumptionState": 0,
            "acknowledgementState": 0,
            "orderId": _order_id(),
            "obfuscatedExternalAccountId": account,
            "regionCode": "DE",
        }
        body = {name: value for name, value in (made | changes).items() if value is not None}
        self.products[token] = {"product": product, "body": body}
        if not pending:
            self.notify_of_product(token, 1)
        return token

    def buy_pending(self, account: str) -> str:
        return self.buy(account, pending=True)

    def complete_pending(self, token: str) -> None:
        self.products[token]["body"]["purchaseState"] = 0
        self.notify_of_product(token, 1)

    def give_up_pending(self, token: str) -> None:
        self.products[token]["body"]["purchaseState"] = 1
        self.notify_of_product(token, 2)

    def subscribe(self, account: str, *, plan: str = MONTHLY, **changes: Any) -> str:
        token = f"{secrets.token_hex(12)}.AO-J1O{secrets.token_urlsafe(48)}"
        order_id, now = _order_id(), datetime.now(UTC)
        made = {
            "kind": "androidpublisher#subscriptionPurchaseV2",
            "startTime": _text(now),
            "subscriptionState": f"{_STATE}ACTIVE",
            "acknowledgementState": "ACKNOWLEDGEMENT_STATE_PENDING",
            "externalAccountIdentifiers": {"obfuscatedExternalAccountId": account},
            "lineItems": [
                {
                    "productId": plan,
                    "expiryTime": _text(now + _PERIODS[plan]),
                    "autoRenewingPlan": {"autoRenewEnabled": True},
                    "latestSuccessfulOrderId": order_id,
                }
            ],
        }
        self.subscriptions[token] = {name: value for name, value in (made | changes).items() if value is not None}
        self.notify_of_subscription(token, 4)
        return token

    def renew(self, token: str) -> str:
        """Pay the next period, also after a gap; return its order."""
        item = self.item(token)
        begins = max(datetime.fromisoformat(item["expiryTime"]), datetime.now(UTC))
        order_id = f"{item['latestSuccessfulOrderId'].partition('..')[0]}..{secrets.randbelow(10**6)}"
        item["latestSuccessfulOrderId"] = order_id
        self._set_state(token, "ACTIVE", begins + _PERIODS[item["productId"]], kind=2)
        return order_id

    def into_grace(self, token: str) -> None:
        """Decline the renewal: the order before stays the last that was paid."""
        self._set_state(token, "IN_GRACE_PERIOD", datetime.now(UTC) + timedelta(days=3), kind=6)

    def on_hold(self, token: str) -> None:
        self._set_state(token, "ON_HOLD", datetime.now(UTC), kind=5)

    def cancel(self, token: str) -> None:
        """Cancel: it expires at the end of its period."""
        self.item(token)["autoRenewingPlan"]["autoRenewEnabled"] = False
        self._set_state(token, "CANCELED", None, kind=3)

    def expire(self, token: str) -> None:
        self._set_state(token, "EXPIRED", datetime.now(UTC), kind=13)

    def upgrade(self, token: str, *, plan: str = YEARLY) -> str:
        """Replace this plan by another; return its token."""
        account = self.subscriptions[token]["externalAccountIdentifiers"]["obfuscatedExternalAccountId"]
        self._set_state(token, "EXPIRED", datetime.now(UTC), kind=13)
        return self.subscribe(account, plan=plan, linkedPurchaseToken=token)

    def void(self, token: str, order_id: str = "") -> None:
        """Refund the money; of a subscription, that of its last order unless another is named."""
        if token in self.products:
            body = self.products[token]["body"]
            body["purchaseState"], order_id = 1, body.get("orderId", "")
        else:
            order_id = order_id or self.item(token)["latestSuccessfulOrderId"]
            self._set_state(token, "EXPIRED", datetime.now(UTC), kind=12)
        row = {"purchaseToken": token, "orderId": order_id, "voidedTimeMillis": str(now_millis()), "voidedReason": 1}
        self.voided.append({"kind": "androidpublisher#voidedPurchase", "voidedSource": 0, **row})
        kind = {"productType": 2 if token in self.products else 1, "refundType": 1}
        self.notify(voidedPurchaseNotification={"purchaseToken": token, "orderId": order_id, **kind})

    def void_some(self, token: str, *, left: int) -> None:
        """Refund the money of several items, all but `left`; Google does not take them from the owner."""
        body = self.products[token]["body"]
        went = body.get("refundableQuantity", body["quantity"]) - left
        body["refundableQuantity"] = left
        row = {"purchaseToken": token, "orderId": body["orderId"], "voidedTimeMillis": str(now_millis())}
        self.voided.append({"kind": "androidpublisher#voidedPurchase", **row, "voidedQuantity": went})
        voided = {"purchaseToken": token, "orderId": body["orderId"], "productType": 2, "refundType": 2}
        self.notify(voidedPurchaseNotification=voided)

    def item(self, token: str) -> dict[str, Any]:
        found: dict[str, Any] = self.subscriptions[token]["lineItems"][0]
        return found

    def notify_of_product(self, token: str, kind: int) -> Push:
        notification = {"version": "1.0", "notificationType": kind, "purchaseToken": token}
        return self.notify(oneTimeProductNotification={**notification, "sku": self.products[token]["product"]})

    def notify_of_subscription(self, token: str, kind: int) -> Push:
        return self.notify(
            subscriptionNotification={"version": "1.0", "notificationType": kind, "purchaseToken": token}
        )

    def notify(self, *, package: str = PACKAGE, **about: Any) -> Push:
        notification = {"version": "1.0", "packageName": package, "eventTimeMillis": str(now_millis()), **about}
        self.pushes.append(push_of(notification))
        return self.pushes[-1]

    def _set_state(self, token: str, state: str, until: datetime | None, *, kind: int) -> None:
        self.subscriptions[token]["subscriptionState"] = f"{_STATE}{state}"
        if until is not None:
            self.item(token)["expiryTime"] = _text(until)
        self.notify_of_subscription(token, kind)


def push_of(
    notification: Any, *, key: str = "google", key_id: str = "google-1", algorithm: str = "RS256", **claims: Any
) -> Push:
    """Return a push about `notification`, signed as Google signs it unless the arguments differ."""
    now = int(time.time())
    genuine = {
        "iss": "https://accounts.google.com",
        "aud": AUDIENCE,
        "email": PUSH_ACCOUNT,
        "email_verified": True,
        "iat": now,
        "exp": now + 3600,
    }
    token = jwt.encode(genuine | claims, key_of(key), algorithm, headers={"kid": key_id})
    data = base64.b64encode(json.dumps(notification).encode()).decode()
    message = {"data": data, "messageId": str(secrets.randbelow(10**16)), "publishTime": _text(datetime.now(UTC))}
    body = json.dumps({"message": message, "subscription": "projects/project/subscriptions/play"}).encode()
    return Push(body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})


def receipt(token: str, *, product: str = ONE_TIME, package: str = PACKAGE, **changes: Any) -> str:
    """Return the original JSON of a purchase, as a phone sends it."""
    purchase = {"orderId": _order_id(), "purchaseState": 0, "purchaseTime": now_millis(), "acknowledged": False}
    return json.dumps({"packageName": package, "productId": product, "purchaseToken": token, **purchase, **changes})


def _order_id() -> str:
    return "GPA." + "-".join(str(secrets.randbelow(9000) + 1000) for _ in range(4)) + str(secrets.randbelow(10))


def now_millis() -> int:
    return int(time.time() * 1000)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
