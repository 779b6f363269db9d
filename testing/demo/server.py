"""The demo's server: its address, its mails, and what the demo writes into its database because no API call does."""

from collections.abc import Callable
from dataclasses import dataclass

from testing.demo.mail_log import MailLog

DateBack = Callable[[str, int], None]
"""Given an inspection and a number of days, dates it that many days back in the demo's database."""
OfferTimes = Callable[[str], None]
"""Given the address of an account, makes it a surveyor who offers free times today, as staff do in the admin."""

Begin = Callable[[str], None]
"""Given an appointment, has it begin now in the demo's database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoServer:
    base_url: str
    mails: MailLog
    date_back: DateBack
    offer_times: OfferTimes
    begin: Begin
    password: str
    """The password of everybody in the demo: who looks around afterwards signs in as one of them."""
