"""Connected accounts, and transfers from our balance to them."""

import secrets
from typing import Final

from testing.fake_stripe.payments import move
from testing.fake_stripe.state import FakeStripeError, Thing, World

# Objects of the connected accounts: our own lists do not show them.
_THEIRS: Final = "connected"
_REQUIRED: Final = ("amount", "currency", "destination")


def connect_account(world: World, *, country: str = "DE", currency: str = "eur") -> Thing:
    account = world.add(
        "account",
        "acct",
        capabilities={"transfers": "active"},
        charges_enabled=False,
        country=country,
        default_currency=currency,
        details_submitted=True,
        metadata={},
        payouts_enabled=True,
        type="express",
    )
    world.record_event("account.updated", account)
    return account


def restrict_account(world: World, account_id: str) -> Thing:
    account = world.get("account", account_id)
    account.update(capabilities={"transfers": "inactive"}, payouts_enabled=False)
    world.record_event("account.updated", account)
    return account


def send(world: World, params: Thing) -> Thing:
    """Send money to a connected account.

    With a `source_transaction`, it draws on that charge and not on the available balance; together, the transfers of a
    charge cannot exceed it.
    """
    for name in _REQUIRED:
        if not params.get(name):
            raise FakeStripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    amount, currency = params["amount"], params["currency"].lower()
    account = _payable(world, params["destination"])
    _check_money(world, params, amount, currency)
    transfer = world.add(
        "transfer",
        "tr",
        amount=amount,
        amount_reversed=0,
        balance_transaction=None,
        currency=currency,
        description=params.get("description"),
        destination=account["id"],
        destination_payment=None,
        metadata=params.get("metadata", {}),
        reversals={"object": "list", "data": [], "has_more": False, "url": "/v1/transfers/reversals"},
        reversed=False,
        source_transaction=params.get("source_transaction"),
        source_type="card",
        transfer_group=params.get("transfer_group"),
    )
    transfer["balance_transaction"] = move(world, "transfer", transfer, amount_minor=-amount, category="transfer")["id"]
    transfer["destination_payment"] = _payment_at(world, amount, currency)["id"]
    world.record_event("transfer.created", transfer)
    return transfer


def arrive(world: World, transfer_id: str) -> Thing:
    """Make the money available to the payee."""
    transfer = world.get("transfer", transfer_id)
    payment = world.get(_THEIRS, transfer["destination_payment"])
    world.get(_THEIRS, payment["balance_transaction"])["status"] = "available"
    return transfer


def reverse(world: World, transfer_id: str, amount_minor: int | None = None) -> Thing:
    """Take the rest of a transfer back, or a part of it."""
    transfer = world.get("transfer", transfer_id)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = left if amount_minor is None else amount_minor
    if not 0 < amount <= left:
        raise FakeStripeError(f"Of this transfer, {left} can be reversed.", param="amount")
    made = world.add(
        "transfer_reversal",
        "trr",
        amount=amount,
        balance_transaction=None,
        currency=transfer["currency"],
        destination_payment_refund=None,
        metadata={},
        source_refund=None,
        transfer=transfer_id,
    )
    line = move(world, "transfer_refund", made, amount_minor=amount, category="transfer_reversal")
    made["balance_transaction"] = line["id"]
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"].append(world.seen(made))
    world.record_event("transfer.reversed", transfer)
    return transfer


def _payable(world: World, account_id: str) -> Thing:
    account = world.things.get("account", {}).get(account_id)
    if account is None:
        message = f"No such destination: '{account_id}'"
        raise FakeStripeError(message, code="resource_missing", param="destination")
    if account["capabilities"]["transfers"] != "active":
        raise FakeStripeError(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers",
            code="insufficient_capabilities_for_transfer",
        )
    return account


def _check_money(world: World, params: Thing, amount: int, currency: str) -> None:
    if amount < 1:
        raise FakeStripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    source = params.get("source_transaction")
    if source is None:
        available = sum(line["net"] for line in world.where("balance_transaction", currency=currency))
        if amount > available:
            raise FakeStripeError("You have insufficient funds in your Stripe account.", code="balance_insufficient")
        return
    charge = world.get("charge", source, "source_transaction")
    line = world.get("balance_transaction", charge["balance_transaction"] or "", "source_transaction")
    if line["currency"] != currency:
        raise FakeStripeError(f"The currency of source_transaction's balance transaction ({line['currency']}) differs.")
    sent = sum(row["amount"] - row["amount_reversed"] for row in world.where("transfer", source_transaction=source))
    if sent + amount > line["amount"]:
        raise FakeStripeError("Transfers using this transaction as a source must not exceed the source amount.")


def _payment_at(world: World, amount: int, currency: str) -> Thing:
    """Add the payment that the connected account receives, with its balance line."""
    theirs = world.things.setdefault(_THEIRS, {})
    line: Thing = {
        "id": f"txn_{secrets.token_hex(12)}",
        "object": "balance_transaction",
        "amount": amount,
        "available_on": world.now(),
        "created": world.now(),
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": "charge",
        "source": None,
        "status": "pending",
        "type": "payment",
    }
    payment: Thing = {
        "id": f"py_{secrets.token_hex(12)}",
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": 0,
        "balance_transaction": line["id"],
        "captured": True,
        "created": world.now(),
        "currency": currency,
        "livemode": False,
        "metadata": {},
        "paid": True,
        "status": "succeeded",
    }
    theirs[line["id"]], theirs[payment["id"]] = line, payment
    return payment
