import socket
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import SimpleTestCase

from tests.processes import SECRET_KEY, run, serve


def answers(client):
    """How often a client was answered before its connection was closed."""
    return client.makefile("rb").read().count(b"HTTP/1.1 200 OK\r\n")


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

    def test_creates_the_tables_of_a_new_database_with_either_server(self):
        for variables in (self.development, self.production):
            Path(variables["SQLITE_PATH"]).unlink(missing_ok=True)
            with self.subTest(variables), serve(**variables):
                with closing(sqlite3.connect(variables["SQLITE_PATH"])) as database:
                    users = database.execute("SELECT count(*) FROM auth_user")
                    self.assertEqual(users.fetchone(), (0,))

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

    def test_answers_while_many_clients_have_sent_a_part_of_a_request(self):
        post = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
        parts = [
            b"",
            b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ",
            post + b"100\r\n\r\nhalf",
            post + b"1000000\r\n\r\nhalf",
            b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTTP",
        ]
        for variables in (self.development, self.production):
            with (
                self.subTest(variables),
                serve(**variables) as server,
                ExitStack() as clients,
            ):
                for part in parts:
                    clients.enter_context(server.half_sent(10, part))
                for path in ("/healthz", "/readyz", "/"):
                    self.assertEqual(server.get(path)[0].status, 200, path)

    def test_answers_what_arrives_in_parts_and_gives_up_what_does_not_arrive(self):
        head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
        requests = {
            "a head": (head[:20], head[20:] + b"Content-Length: 0\r\n\r\n"),
            "a body": (head + b"Content-Length: 8\r\n\r\nhalf", b"half"),
            "a large body": (
                head + b"Content-Length: 200000\r\n\r\n",
                b"x" * 200000,
            ),
            "chunks": (chunked + b"4\r\nhalf\r\n", b"0\r\n\r\n"),
        }
        late = b"GET / HTTP/1.1\r\n"
        with (
            serve(**self.production) as server,
            server.half_sent(1, late) as [given_up],
        ):
            for what, (first, second) in requests.items():
                with self.subTest(what), server.half_sent(1, first) as [client]:
                    # By then the server has got the first part.
                    server.get("/healthz")
                    client.sendall(second)
                    status = client.makefile("rb").readline()
                    # CSRF protection refuses a form without its token.
                    self.assertEqual(status, b"HTTP/1.1 403 Forbidden\r\n")
            self.assertEqual(given_up.recv(1), b"")

    def test_gives_up_the_longest_idle_clients_for_more_than_it_takes(self):
        half = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        whole = half + b"\r\n"
        # No time is up while the test runs: what is closed, is closed for others.
        patient = "--worker-class tests.patient.PatientWorker --keep-alive 3600"
        few = {
            "WEB_CONCURRENCY": "1",
            "GUNICORN_CMD_ARGS": f"--worker-connections 20 {patient}",
        }
        for sent, rest in ((half, b"\r\n"), (whole, whole)):
            with (
                self.subTest(sent),
                serve(**self.production, **few) as server,
                server.half_sent(60, sent) as clients,
            ):
                for path in ("/healthz", "/"):
                    self.assertEqual(server.get(path)[0].status, 200, path)
                self.assertLess(answers(clients[0]), 2)
                clients[-1].sendall(rest)
                clients[-1].shutdown(socket.SHUT_WR)
                self.assertEqual(answers(clients[-1]), 1 if sent == half else 2)

    def test_ends_cleanly_on_sigterm_with_either_server(self):
        for variables in (self.development, self.production):
            with self.subTest(variables), serve(**variables) as server:
                self.assertEqual(server.terminate(), 0)

    def test_refuses_to_start_without_a_secret_key_in_one_line(self):
        result = run("serve.py")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("pulumi config set --secret secretKey", result.stderr)
