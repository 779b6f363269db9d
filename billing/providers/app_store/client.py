"""The App Store of one app: receipts and notifications are verified, then checked with Apple's server."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from appstoreserverlibrary.models.Environment import Environment
from appstoreserverlibrary.models.ResponseBodyV2DecodedPayload import ResponseBodyV2DecodedPayload as Notification
from cryptography import x509

from billing.providers.app_store import mapping
from billing.providers.app_store.server import ApiKey, AppStoreServer
from billing.providers.app_store.signatures import NotSigned, Signatures, SignedForAnother
from billing.providers.base import Event, EventSubject, InvalidSignature, Products, StorePurchase, Voided

# The library has two more environments, in which it verifies no signatures.
ENVIRONMENTS: Final = {"production": Environment.PRODUCTION, "sandbox": Environment.SANDBOX}
# App Review and TestFlight make sandbox purchases on the production server. Production is tried first.
_TRIED: Final = {"production": ("production", "sandbox"), "sandbox": ("sandbox",)}
_SANDBOX_DOOR: Final = "/sandbox"
_ID: Final = re.compile(r"[0-9]{1,64}")
_KIND_LENGTH: Final = 100
_VERDICT: Final = "JWS, OCSP"


class AppStore:
    """Read the transactions and notifications of one app; refuse those of any other app.

    From a phone or a notification, only the transaction id is trusted. Apple's server gives the current state, and its
    answer is verified too. The signature covers the environment: a sandbox purchase is a test with its own reference,
    and only the sandbox server is queried about it.
    """

    name = "app_store"

    def __init__(
        self,
        *,
        bundle_id: str,
        apple_id: int,
        environment: str,
        roots_dir: str,
        products: Products,
        api_key: ApiKey,
        api_base: str,
        timeout_seconds: float,
    ) -> None:
        """Raises `ValueError` for an unknown environment, a folder without a root certificate and an invalid key.

        An `api_base` other than Apple's two serves the sandbox at `/sandbox`.
        """
        if environment not in ENVIRONMENTS:
            raise ValueError(f"{environment} is no environment of the App Store")
        roots = _roots(roots_dir)
        self._servers = [
            AppStoreServer(
                Signatures(
                    roots=roots,
                    bundle_id=bundle_id,
                    apple_id=apple_id,
                    environment=ENVIRONMENTS[tried],
                    timeout_seconds=timeout_seconds,
                ),
                environment=ENVIRONMENTS[tried],
                bundle_id=bundle_id,
                products=products,
                api_key=api_key,
                api_base=api_base + _SANDBOX_DOOR if api_base and tried == "sandbox" else api_base,
                timeout_seconds=timeout_seconds,
            )
            for tried in _TRIED[environment]
        ]

    def purchase_of(self, receipt: str) -> StorePurchase | None:
        """Returns the purchase of a StoreKit 2 transaction in its current state, or None if it cannot be verified."""
        for server in self._servers:
            try:
                brought = server.signatures.transaction(receipt)
            except SignedForAnother:
                continue
            except NotSigned:
                return None
            return self.purchase(mapping.named(brought.transactionId or "", is_test=server.is_test))
        return None

    def purchase(self, ref: str) -> StorePurchase | None:
        """Returns the current state of a transaction, with that of its subscription if it has one."""
        transaction_id = ref.removeprefix(mapping.SANDBOX)
        server = self._server_of(ref)
        return server.purchase(transaction_id) if server and _ID.fullmatch(transaction_id) else None

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Returns the event of a notification (version 2). Its subject is a transaction, or nothing of ours."""
        signed = _signed_payload(body)
        try:
            for server in self._servers:
                try:
                    notification = server.signatures.notification(signed)
                except SignedForAnother:
                    continue
                named = notification.data.signedTransactionInfo if notification.data else None
                bought = server.signatures.transaction(named).transactionId if named else None
                ref = mapping.named(bought or "", is_test=server.is_test)
                return _event(notification, ref, verdict=f"{_VERDICT}, sandbox" if server.is_test else _VERDICT)
            notification = self._servers[0].signatures.notification_of_another_app(signed)
        except NotSigned as error:
            raise InvalidSignature from error
        return _event(notification, "", verdict=_VERDICT, is_foreign=True)

    def acknowledge(self, purchase: StorePurchase, *, owner_id: UUID) -> None:
        """Set the owner's id at Apple if the app did not set it. The app itself acknowledges the grant.

        Raises `ProviderUnavailable`.
        """
        original = purchase.subscription.ref if purchase.subscription else purchase.ref
        server = self._server_of(original)
        if server is not None and not purchase.owner_token:
            server.set_owner(original.removeprefix(mapping.SANDBOX), str(owner_id))

    def voided(self) -> tuple[Voided, ...]:
        """Return nothing: Apple reports each refund by a notification, and by the purchase itself."""
        return ()

    def _server_of(self, ref: str) -> AppStoreServer | None:
        is_test = ref.startswith(mapping.SANDBOX)
        return next((server for server in self._servers if server.is_test == is_test), None)


def _event(notification: Notification, ref: str, *, verdict: str, is_foreign: bool = False) -> Event:
    if not notification.notificationUUID or not notification.rawNotificationType:
        raise InvalidSignature
    kind = "/".join(word for word in (notification.rawNotificationType, notification.rawSubtype) if word)
    return Event(
        id=notification.notificationUUID,
        kind=kind[:_KIND_LENGTH],
        verdict=verdict,
        about=EventSubject.PURCHASE if ref else EventSubject.NOTHING,
        ref=ref,
        is_foreign=is_foreign,
    )


def _roots(folder: str) -> list[bytes]:
    roots = [path.read_bytes() for path in sorted(Path(folder).glob("*.cer"))] if folder else []
    if not roots:
        raise ValueError("there is no root certificate (*.cer)")
    for root in roots:
        x509.load_der_x509_certificate(root)
    return roots


def _signed_payload(body: bytes) -> str:
    try:
        signed = json.loads(body)["signedPayload"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise InvalidSignature from error
    if not isinstance(signed, str):
        raise InvalidSignature
    return signed
