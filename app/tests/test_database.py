import os
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless

from django.db import connection
from django.test import SimpleTestCase, TransactionTestCase

from tests.cases import SettingsTestCase
from tests.processes import SECRET_KEY, run, serve

ALLOWED = (
    "allowed is postgres://USER:PASSWORD@HOST:PORT/NAME, "
    "with special characters percent-encoded, or sqlite:///PATH."
)


class DatabaseUrlTests(SettingsTestCase):
    def database(self, **variables):
        return self.read_one("DATABASES", DEBUG="1", **variables)["default"]

    def reason(self, **variables):
        prefix = "django.core.exceptions.ImproperlyConfigured: "
        failure = self.failure(DEBUG="1", **variables)
        self.assertTrue(failure.startswith(prefix), failure)
        return failure.removeprefix(prefix)

    def test_a_postgres_url_makes_lasting_connections_that_are_checked(self):
        for scheme in ("postgres", "postgresql"):
            with self.subTest(scheme=scheme):
                database = self.database(
                    DATABASE_URL=f"{scheme}://web:s%2Fcr%40t@db.internal:5433/shop"
                )
                self.assertEqual(
                    database,
                    {
                        "ENGINE": "django.db.backends.postgresql",
                        "USER": "web",
                        "PASSWORD": "s/cr@t",
                        "HOST": "db.internal",
                        "PORT": 5433,
                        "NAME": "shop",
                        "OPTIONS": {"connect_timeout": 4, "tcp_user_timeout": 5000},
                        "CONN_MAX_AGE": 60,
                        "CONN_HEALTH_CHECKS": True,
                        "DISABLE_SERVER_SIDE_CURSORS": False,
                    },
                )

    def test_the_url_can_set_options(self):
        query = "sslmode=require&connect_timeout=9"
        database = self.database(DATABASE_URL=f"postgres://web@db/shop?{query}")
        self.assertEqual(
            database["OPTIONS"],
            {"sslmode": "require", "connect_timeout": 9, "tcp_user_timeout": 5000},
        )

    def test_an_sqlite_url_goes_before_sqlite_path(self):
        database = self.database(
            DATABASE_URL="sqlite:////data/own.sqlite3", SQLITE_PATH="/data/db.sqlite3"
        )
        self.assertEqual(database["ENGINE"], "django.db.backends.sqlite3")
        self.assertEqual(database["NAME"], "/data/own.sqlite3")

    def test_a_file_goes_before_the_environment(self):
        path = self.secret_file("postgres://web@db/from-the-file\n")
        database = self.database(
            DATABASE_URL_FILE=path,
            DATABASE_URL="postgres://web@db/from-the-environment",
        )
        self.assertEqual(database["NAME"], "from-the-file")

    def test_an_empty_url_is_none(self):
        database = self.database(DATABASE_URL=" ", DATABASE_URL_FILE="")
        self.assertEqual(database["ENGINE"], "django.db.backends.sqlite3")

    def test_a_file_that_cannot_be_read_is_named(self):
        self.assertEqual(
            self.reason(DATABASE_URL_FILE="/nowhere/database-url"),
            'DATABASE_URL_FILE names "/nowhere/database-url", which cannot be read '
            "(No such file or directory): mount the secret there or unset "
            "DATABASE_URL_FILE.",
        )

    def test_an_empty_file_does_not_mean_sqlite(self):
        path = self.secret_file("\n")
        self.assertEqual(
            self.reason(DATABASE_URL_FILE=path),
            f'DATABASE_URL_FILE names "{path}", which is empty: '
            "write the secret to it or unset DATABASE_URL_FILE.",
        )

    def test_an_engine_without_a_driver_is_refused(self):
        self.assertEqual(
            self.reason(DATABASE_URL="mysql://web:hunter2@db/shop"),
            'DATABASE_URL asks for "django.db.backends.mysql", '
            f"whose driver is not installed: {ALLOWED}",
        )

    def test_a_url_without_a_database_is_refused(self):
        for url in ("postgres://web:hunter2@db", "postgres://web:hunter2@db/"):
            with self.subTest(url=url):
                self.assertEqual(
                    self.reason(DATABASE_URL=url),
                    f"DATABASE_URL names no database: {ALLOWED}",
                )

    def test_anything_else_is_refused(self):
        for url in (
            "hunter2",
            "hunter2://db/shop",
            "postgres://web:hun/ter2@db/shop",
            "postgres://web:hun#ter2@db/shop",
            "postgres://web:hun[ter2@db/shop",
            "postgres://web:hunter2@db:port/shop",
        ):
            with self.subTest(url=url):
                self.assertEqual(
                    self.reason(DATABASE_URL=url),
                    f"DATABASE_URL is not understood: {ALLOWED}",
                )

    def test_no_failure_tells_the_password(self):
        for url in (
            "hunter2://db/shop",
            "mysql://web:hunter2@db/shop",
            "postgres://web:hunter2@db",
            "postgres://web:hunter2/x@db/shop",
        ):
            with self.subTest(url=url):
                result = run("manage.py", "check", DEBUG="1", DATABASE_URL=url)
                self.assertNotEqual(result.returncode, 0)
                self.assertNotIn("hunter2", result.stdout + result.stderr)

    def test_the_server_refuses_to_start_in_one_line(self):
        result = run("serve.py", DEBUG="1", DATABASE_URL="mysql://web:hunter2@db/shop")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("Error: DATABASE_URL asks for", result.stderr)


def serve_in_one_thread(**variables):
    """A server whose every request finds the connection of the one before."""
    return serve(
        SECRET_KEY=SECRET_KEY,
        ALLOWED_HOSTS="127.0.0.1",
        WEB_CONCURRENCY="1",
        WEB_THREADS="1",
        **variables,
    )


class ReadinessTests(SimpleTestCase):
    def test_comes_back_with_the_database(self):
        folder = Path(self.enterContext(TemporaryDirectory())) / "later"
        database = str(folder / "db.sqlite3")
        with serve_in_one_thread(SQLITE_PATH=database) as server:
            self.assertEqual(server.get("/readyz")[0].status, 503)
            folder.mkdir()
            self.assertEqual(server.get("/readyz")[0].status, 200)

    def test_gives_up_a_server_that_does_not_answer(self):
        listener = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        url = f"postgres://web:hunter2@127.0.0.1:{listener.getsockname()[1]}/shop"
        with serve_in_one_thread(DATABASE_URL=url) as server:
            ready, body = server.get("/readyz")
            alive, _ = server.get("/healthz")
        self.assertEqual(ready.status, 503)
        self.assertEqual(body, 'The database "default" does not answer.')
        self.assertEqual(alive.status, 200)


@skipUnless(
    connection.vendor == "postgresql",
    "DATABASE_URL names no PostgreSQL server to test with",
)
class PostgresTests(TransactionTestCase):
    def end_connections(self, application):
        """End what the application has open; return how many that were."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = %s",
                [application],
            )
            return len(cursor.fetchall())

    def test_readiness_survives_the_end_of_its_connection(self):
        names = ("DATABASE_URL", "DATABASE_URL_FILE")
        url = {name: os.environ[name] for name in names if name in os.environ}
        with serve_in_one_thread(PGAPPNAME="readiness", **url) as server:
            for _ in range(3):
                self.assertEqual(server.get("/readyz")[0].status, 200)
                self.assertEqual(self.end_connections("readiness"), 1)
            self.assertEqual(server.get("/readyz")[0].status, 200)
