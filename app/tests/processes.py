"""Runs manage.py and serve.py as processes of their own, each with its environment."""

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection

from django.conf import settings
from django.core.management.utils import get_random_secret_key

SECRET_KEY = get_random_secret_key()

# What the project reads: the caller's own values must not reach a test.
VARIABLES = {
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
    "FORWARDED_ALLOW_IPS",
    "GUNICORN_CMD_ARGS",
    "IMAGE_TAG",
    "POD_NAME",
    "PORT",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "SERVED_OVER_HTTPS",
    "SQLITE_PATH",
    "WEB_CONCURRENCY",
    "WEB_THREADS",
}

# Generous, for slow machines: nothing here measures time.
TIMEOUT = 60


def environment(variables):
    kept = {k: v for k, v in os.environ.items() if k not in VARIABLES}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"} | variables


def run(*args, folder=settings.BASE_DIR, **variables):
    """Run Python with the arguments and only these of the project's variables."""
    return subprocess.run(
        [sys.executable, *args],
        cwd=folder,
        env=environment(variables),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )


class Server:
    """A running serve.py."""

    def __init__(self, process, port):
        self.process = process
        self.port = port

    def get(self, path, method="GET", **headers):
        """Send one request; return the response and its body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            return response, response.read().decode()
        finally:
            connection.close()

    @contextmanager
    def half_sent(self, count, sent):
        """Keep clients that have sent only a part of a request."""
        with ExitStack() as clients:
            yield [clients.enter_context(self.client(sent)) for _ in range(count)]

    def client(self, sent):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
        client.sendall(sent)
        return client

    def wait_until_alive(self):
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"serve.py ended: {self.process.returncode}")
            try:
                self.get("/healthz")
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("serve.py does not answer")

    def terminate(self):
        """Send SIGTERM; return the exit code."""
        self.process.terminate()
        return self.process.wait(timeout=TIMEOUT)


@contextmanager
def serve(folder=settings.BASE_DIR, **variables):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "serve.py"],
        cwd=folder,
        env=environment({"PORT": str(port), **variables}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = Server(process, port)
        server.wait_until_alive()
        yield server
    finally:
        process.kill()
        process.wait()
