"""The words of notifications and mails: one plain template per kind, variant and locale.

Its first line is the title, the rest after an empty line the body.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from notifications.catalogue.kinds import Kind


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


def words_of(kind: Kind, *, variant: str, locale: str, data: Mapping[str, str]) -> Words:
    """Return the notification's words. Raises `TemplateDoesNotExist` for a kind that is not wired."""
    return render_words(template_name(kind, variant=variant, locale=locale), data)


def render_words(name: str, context: Mapping[str, str]) -> Words:
    """Return the words of the template of this name. Raises `TemplateDoesNotExist`."""
    template = get_template(name)
    values = Context({**context, "public_url": settings.PUBLIC_URL}, autoescape=False)  # it is text
    title, _, body = template.template.render(values).partition("\n")  # type: ignore[attr-defined]
    return Words(title.strip(), body.strip())


def template_name(kind: Kind, *, variant: str, locale: str) -> str:
    name = f"{kind.name}.{variant}" if variant else kind.name
    return f"notifications/{locale}/{kind.area}/{name}.txt"
