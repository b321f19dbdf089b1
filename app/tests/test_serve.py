from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import SimpleTestCase

from tests.processes import SECRET_KEY, run, serve


class ServeTests(SimpleTestCase):
    def setUp(self):
        folder = Path(self.enterContext(TemporaryDirectory()))
        database = str(folder / "db.sqlite3")
        self.development = {"DEBUG": "1", "SQLITE_PATH": database}
        self.production = {
            "SECRET_KEY": SECRET_KEY,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SQLITE_PATH": database,
        }

    def test_runs_the_development_server_while_debug_is_on(self):
        with serve(**self.development) as server:
            response, body = server.get("/")
        self.assertEqual(response.status, 200)
        self.assertIn("WSGIServer", response.headers["Server"])
        self.assertIn("The install worked successfully! Congratulations!", body)

    def test_runs_gunicorn_otherwise(self):
        with serve(**self.production, POD_NAME="web-1") as server:
            response, body = server.get("/")
        self.assertEqual(response.status, 200)
        self.assertEqual(response.headers["Server"], "gunicorn")
        self.assertIn("<dd>web-1</dd>", body)

    def test_answers_probes_by_pod_ip_with_either_server(self):
        for variables in (self.development, self.production):
            with self.subTest(variables), serve(**variables) as server:
                for path in ("/healthz", "/readyz"):
                    response, body = server.get(path, Host="10.244.1.17:8000")
                    self.assertEqual((response.status, body), (200, "ok"))
                    response, body = server.get(path, "HEAD", Host="10.244.1.17:8000")
                    self.assertEqual((response.status, body), (200, ""))

    def test_stays_alive_but_unready_while_the_database_cannot_be_opened(self):
        broken = self.production | {"SQLITE_PATH": "/nowhere/db.sqlite3"}
        with serve(**broken) as server:
            alive, _ = server.get("/healthz")
            ready, body = server.get("/readyz")
        self.assertEqual(alive.status, 200)
        self.assertEqual(ready.status, 503)
        self.assertEqual(body, 'The database "default" does not answer.')

    def test_behind_tls_redirects_all_but_probes_and_trusts_the_proxys_header(self):
        # gunicorn itself believes the header when it comes from this machine.
        elsewhere = {"FORWARDED_ALLOW_IPS": "192.0.2.1"}
        with serve(**self.production, **elsewhere, SERVED_OVER_HTTPS="on") as server:
            plain, _ = server.get("/")
            forwarded, _ = server.get("/", **{"X-Forwarded-Proto": "https"})
            probe, _ = server.get("/readyz")
        self.assertEqual(plain.status, 301)
        self.assertTrue(plain.headers["Location"].startswith("https://"))
        self.assertEqual(forwarded.status, 200)
        self.assertEqual(forwarded.headers["Strict-Transport-Security"], "max-age=3600")
        self.assertEqual(probe.status, 200)

    def test_over_plain_http_believes_no_proxys_header(self):
        with serve(**self.production) as server:
            response, _ = server.get("/", **{"X-Forwarded-Proto": "https"})
        self.assertEqual(response.status, 200)
        self.assertNotIn("Strict-Transport-Security", response.headers)

    def test_ends_cleanly_on_sigterm_with_either_server(self):
        for variables in (self.development, self.production):
            with self.subTest(variables), serve(**variables) as server:
                self.assertEqual(server.terminate(), 0)

    def test_refuses_to_start_without_a_secret_key_in_one_line(self):
        result = run("serve.py")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("pulumi config set --secret secretKey", result.stderr)
