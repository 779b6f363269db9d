"""Stripe client: hosted payment pages, subscriptions, refunds, transfers, daily balance and payouts, signed events.

Plain Python on top of Stripe's own library.
"""
