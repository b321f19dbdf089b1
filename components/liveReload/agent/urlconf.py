"""Imports a Django project's views before its server listens."""

import sys


def load_urlconf():
    """Import what Django otherwise imports with the first request.

    A view with an error then fails while the process before this one still serves. Does nothing
    where the server has not loaded the project by now.
    """
    registry = sys.modules.get("django.apps")
    if registry is None or not registry.apps.ready:
        return
    from django.conf import settings
    from django.db import connections
    from django.urls import get_resolver

    if getattr(settings, "ROOT_URLCONF", None):
        # It is imported as this is read.
        get_resolver().url_patterns
    # Workers that are forked from here must not share one.
    connections.close_all()
