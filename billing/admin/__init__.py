from billing.admin import (  # noqa: F401 - registering is what they are for
    disputes,
    entitlement,
    inbox,
    ledger,
    orders,
    payees,
    products,
    reconciliation,
    refund_requests,
    step_up_rules,
    subscriptions,
)
