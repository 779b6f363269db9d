"""What each payment provider can do, for decisions that do not call it. Plain Python.

A provider declares its capabilities in its class; `provider_registry` lists the providers.
"""

from enum import Flag, auto


class Can(Flag):
    HOST_CHECKOUT = auto()
    """It opens payment pages and bills subscriptions: `sync.checkout` asks it."""
    SELL_IN_APP = auto()
    """It sells in the app and confirms receipts: `sync.receipts` asks it. It refunds its sales itself."""
    POLL = auto()
    """Its orders are polled until they are done. All facts of the others arrive with their events."""
    ACKNOWLEDGE = auto()
    """It takes a sale back unless the grant is acknowledged: the order is polled until then."""
    NAME_OWNER = auto()
    """It learns the owner of a purchase that named none."""
    REFUND = auto()
    """Its sales are refunded by us."""
    END = auto()
    """Its subscriptions are stopped and ended by us."""
    SECRET_REFS = auto()
    """Its references are keys to the purchase (`what:token`, or `what:token:order`): erasure hashes them."""
    ANY_OWNER = auto()
    """Its receipts name no owner: the first account that submits one gets the purchase."""
    TEST_FOR_SOME = auto()
    """Its test purchases grant something only to the accounts that a setting names."""
    BALANCE = auto()
    """It lists the lines of its balance, which reconciliation compares."""
    PAY_OUT = auto()
    """It transfers our money to payees: `payees.payouts` asks it."""
