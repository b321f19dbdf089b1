"""Answers the kubelet's probes: /healthz for the process, /readyz for the databases."""

import logging

from django.db import Error, connections
from django.http import HttpResponse, HttpResponseNotAllowed

logger = logging.getLogger(__name__)


def health_middleware(get_response):
    checks = {"/healthz": healthz, "/readyz": readyz}

    def middleware(request):
        check = checks.get(request.path_info)
        if check is None:
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return check()

    return middleware


def healthz():
    return plain_text("ok")


def readyz():
    # Django's signals enclose the middleware, too: a connection that broke is closed
    # at the end of this request, if not found out and replaced at its start.
    for connection in connections.all():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchone()
        except Error as error:
            # A driver's message may name hosts and users: it goes to the log only.
            logger.warning('database "%s": %s', connection.alias, error)
            return plain_text(
                f'The database "{connection.alias}" does not answer.', status=503
            )
    return plain_text("ok")


def plain_text(text, status=200):
    return HttpResponse(
        text,
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
