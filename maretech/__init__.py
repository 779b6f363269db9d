"""The composition root: settings, routes, processes. Apps import only `maretech.common` from it."""

from maretech.celery import app as celery_app

__all__ = ["celery_app"]
