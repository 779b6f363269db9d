"""Other people in the demo than the owner: each has an account with a proven address."""

import secrets

from testing.demo.server import DemoServer
from testing.phone import Phone, accepted

ADDRESS_CODE = "Your Maretech code"


def join(server: DemoServer, name: str) -> tuple[Phone, str]:
    """Register an account and prove its address. Returns its phone and its address."""
    phone, email = Phone.at(server.base_url), f"{name}-{secrets.token_hex(3)}@example.org"
    phone.register(email, server.password)
    prove_address(server, phone, email)
    return phone, email


def prove_address(server: DemoServer, phone: Phone, email: str) -> None:
    """Enter the code that was mailed at the registration."""
    accepted(phone.post("/auth/email/verify", {"code": server.mails.code_for(email, ADDRESS_CODE)}))
