"""The composition root: settings, routes, processes. Apps never import it, except `maretech.common`."""

from maretech.celery import app as celery_app

__all__ = ["celery_app"]
