"""Serve the project: with runserver while DEBUG is on, with gunicorn otherwise."""

import os
import signal
import sys
from pathlib import Path


def main():
    # Linux drops a SIGTERM for which PID 1 has no handler, and the pod would live on
    # until it is killed. gunicorn replaces this handler by its own.
    signal.signal(signal.SIGTERM, lambda signum, frame: sys.exit(0))

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        debug = settings.DEBUG
    except ImproperlyConfigured as error:
        sys.exit(f"Error: {error}")

    if debug:
        run_development_server()
    else:
        run_gunicorn()


def run_development_server():
    from django.core.management import execute_from_command_line

    address = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
    # The reloader would watch files that never change, from a second process.
    execute_from_command_line(["manage.py", "runserver", "--noreload", address])


def run_gunicorn():
    from gunicorn.app.wsgiapp import run

    config = Path(__file__).resolve().with_name("gunicorn.conf.py")
    sys.argv = ["gunicorn", "--config", str(config)]
    run()


if __name__ == "__main__":
    main()
