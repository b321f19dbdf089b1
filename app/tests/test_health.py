from unittest import mock

from django.db import OperationalError, connection
from django.test import SimpleTestCase, TestCase, override_settings

# What else probes, such as a load balancer, asks by the pod's address, which no
# ALLOWED_HOSTS names.
POD_IP = {"host": "10.244.1.17:8000"}


@override_settings(ALLOWED_HOSTS=["example.com"])
class HealthzTests(SimpleTestCase):
    def test_answers_ok_to_a_host_that_is_not_allowed(self):
        response = self.client.get("/healthz", headers=POD_IP)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, b"ok")
        self.assertEqual(response["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual(response["Cache-Control"], "no-store")

    def test_leaves_the_host_check_of_every_other_path_on(self):
        with self.assertLogs("django.security.DisallowedHost"):
            response = self.client.get("/", headers=POD_IP)
        self.assertEqual(response.status_code, 400)

    @override_settings(SECURE_SSL_REDIRECT=True)
    def test_is_not_redirected_to_https(self):
        self.assertEqual(self.client.get("/healthz").status_code, 200)
        elsewhere = self.client.get("/", headers={"host": "example.com"})
        self.assertEqual(elsewhere.status_code, 301)

    def test_answers_without_any_database(self):
        # SimpleTestCase refuses every query.
        self.assertEqual(self.client.get("/healthz").status_code, 200)

    def test_answers_head_and_refuses_other_methods(self):
        self.assertEqual(self.client.head("/healthz").status_code, 200)
        with self.assertLogs("django.request", "WARNING"):
            response = self.client.post("/healthz")
        self.assertEqual(response.status_code, 405)
        self.assertEqual(response["Allow"], "GET, HEAD")

    def test_answers_its_exact_path_only(self):
        with self.assertLogs("django.request", "WARNING"):
            response = self.client.get("/healthz/", headers={"host": "example.com"})
        self.assertEqual(response.status_code, 404)


@override_settings(ALLOWED_HOSTS=["example.com"])
class ReadyzTests(TestCase):
    def test_answers_ok_to_a_host_that_is_not_allowed(self):
        response = self.client.get("/readyz", headers=POD_IP)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, b"ok")

    def test_asks_the_database(self):
        with self.assertNumQueries(1) as queries:
            self.client.get("/readyz")
        self.assertEqual(queries[0]["sql"], "SELECT 1")

    def test_answers_503_and_keeps_the_reason_in_the_log(self):
        error = OperationalError("no route to db.internal for user admin")
        with (
            mock.patch.object(connection, "cursor", side_effect=error),
            self.assertLogs("config.health", "WARNING") as log,
            self.assertLogs("django.request", "ERROR"),
        ):
            response = self.client.get("/readyz", headers=POD_IP)
        self.assertEqual(response.status_code, 503)
        self.assertEqual(
            response.content.decode(), 'The database "default" does not answer.'
        )
        self.assertEqual(
            log.records[0].getMessage(),
            'database "default": no route to db.internal for user admin',
        )

    def test_asks_every_database(self):
        broken = mock.MagicMock(alias="reports")
        broken.cursor.side_effect = OperationalError("down")
        with (
            mock.patch("config.health.connections") as connections,
            self.assertLogs("config.health", "WARNING"),
            self.assertLogs("django.request", "ERROR"),
        ):
            connections.all.return_value = [connection, broken]
            response = self.client.get("/readyz")
        self.assertEqual(response.status_code, 503)
        self.assertIn("reports", response.content.decode())

    def test_answers_head_and_refuses_other_methods(self):
        self.assertEqual(self.client.head("/readyz").status_code, 200)
        with self.assertLogs("django.request", "WARNING"):
            self.assertEqual(self.client.delete("/readyz").status_code, 405)
