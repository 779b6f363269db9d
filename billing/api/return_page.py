"""The page that a browser shows after a payment page in development. In production the app opens instead."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.models import Order
from billing.provider_registry import providers_that
from billing.providers.capabilities import Can

_TEXTS: Final = {
    "paid": ("Thank you", "The payment page is finished. Go back to the app: it queries whether the payment arrived."),
    "cancelled": ("Not paid", "Nothing was charged. The order stays open: the app can open its page again."),
}


@require_safe
def returned(request: HttpRequest, outcome: str) -> HttpResponse:
    """Show the outcome and the order. The order is found by the provider's reference of its page, which is secret."""
    if settings.PRODUCTION or outcome not in _TEXTS:
        raise Http404
    title, text = _TEXTS[outcome]
    session = request.GET.get("session", "")
    bought = Order.objects.filter(provider__in=providers_that(Can.HOST_CHECKOUT), provider_ref=session).select_related(
        "product"
    )
    context = {"title": title, "text": text, "order": bought.first() if session else None}
    return render(request, "billing/returned.html", context)
