"""The browser of an invited member of staff, who chooses a password."""

import http.cookiejar
import re
import urllib.parse
import urllib.request

TIMEOUT_SECONDS = 30


class UnexpectedPage(Exception):
    """The page is not the expected one."""


def choose_password(base_url: str, link: str, password: str) -> None:
    """Open the link on this server and set the password there. Raises `UnexpectedPage` or `OSError`."""
    url = base_url + urllib.parse.urlsplit(link).path
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(url, timeout=TIMEOUT_SECONDS) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    if token is None:
        raise UnexpectedPage(f"no form at {url}")
    sent = {"csrfmiddlewaretoken": token[1], "password": password, "again": password}
    with browser.open(url, urllib.parse.urlencode(sent).encode(), timeout=TIMEOUT_SECONDS) as page:
        if page.url == url:
            raise UnexpectedPage("the password was refused")
