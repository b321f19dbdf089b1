"""Serve the project: with runserver while DEBUG is on, with gunicorn otherwise."""

import os
import shutil
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

    create_tables()
    if debug:
        run_development_server()
    else:
        run_gunicorn()


def create_tables():
    """Migrate a database that is a file: a pod's own, unless a volume keeps it."""
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        return
    template = Path("/usr/local/share/tables.sqlite3")
    try:
        if template.exists() and not os.path.exists(database["NAME"]):
            shutil.copyfile(template, database["NAME"])
        # The servers check the project themselves.
        execute_from_command_line(
            ["manage.py", "migrate", "--noinput", "--verbosity=0", "--skip-checks"]
        )
    except (OSError, OperationalError) as error:
        # Served all the same: the readiness probe says that the database is not there.
        print(f"The tables cannot be created: {error}", file=sys.stderr)


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
