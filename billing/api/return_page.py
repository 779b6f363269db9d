"""Where a browser lands after paying in development: what happened, in a few words. In production an app is there."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.models import Order
from billing.provider_registry import providers_that
from billing.providers.capabilities import Can

_SAID: Final = {
    "paid": ("Thank you", "The payment page is done. Go back to the app: it asks the server whether the money is in."),
    "cancelled": ("Not paid", "Nothing was charged. The order stays open: the app can lead to its page again."),
}


@require_safe
def returned(request: HttpRequest, outcome: str) -> HttpResponse:
    """The order is found by the provider's name of its page, which cannot be guessed."""
    if settings.PRODUCTION or outcome not in _SAID:
        raise Http404
    title, text = _SAID[outcome]
    session = request.GET.get("session", "")
    bought = Order.objects.filter(provider__in=providers_that(Can.HOST_CHECKOUT), provider_ref=session).select_related(
        "product"
    )
    context = {"title": title, "text": text, "order": bought.first() if session else None}
    return render(request, "billing/returned.html", context)
