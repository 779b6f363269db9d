"""The payment page: the amount, and the buyer's choices."""

from html import escape
from typing import Final

from testing.fake_stripe.state import Thing

_STYLE: Final = (
    "body{font:1.1rem system-ui;max-width:24rem;margin:4rem auto}button{font:inherit;margin:.3rem 0;width:100%}"
)
# docs.stripe.com/currencies#zero-decimal
_WHOLE: Final = (
    *("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga"),
    *("pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"),
)
_CHOICES: Final = (
    ("card", "Pay"),
    ("bank_debit", "Pay by bank debit"),
    ("declined", "Pay with a card that is declined"),
    ("cancel", "Cancel"),
)


def payment_page(session: Thing, *, name: str, notice: str = "") -> str:
    """Show amounts with two decimals, or as whole units of currencies without a smaller unit at Stripe.

    A page that is no longer open offers no action.
    """
    digits = 0 if session["currency"] in _WHOLE else 2
    amount = f"{session['amount_total'] / 10**digits:.{digits}f} {session['currency'].upper()}"
    buttons = "".join(f'<button name="how" value="{how}">{text}</button>' for how, text in _CHOICES)
    is_open = session["status"] == "open"
    body = f'<form method="post">{buttons}</form>' if is_open else f"<p>This page is {escape(session['status'])}.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Test payment</title>'
        f"<style>{_STYLE}</style><p>Test mode: no money moves.</p>"
        f"<h1>{escape(name)}</h1><p><strong>{amount}</strong></p><p role=alert>{escape(notice)}</p>{body}</html>"
    )
