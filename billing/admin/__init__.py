from billing.admin import entitlement, ledger, orders, products  # noqa: F401 - registering is what they are for
