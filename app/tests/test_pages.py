import importlib
import os
import socket
from unittest import mock

import django
from django.test import SimpleTestCase, override_settings
from django.urls import clear_url_caches

from config import urls


def reload_urls():
    importlib.reload(urls)
    clear_url_caches()


class WelcomePageTests(SimpleTestCase):
    def setUp(self):
        # The test runner turns DEBUG off before the URLs are loaded.
        self.addCleanup(reload_urls)
        self.enterContext(override_settings(DEBUG=True))
        reload_urls()

    def test_shows_djangos_welcome_page_while_debug_is_on(self):
        response = self.client.get("/")
        self.assertContains(
            response, "The install worked successfully! Congratulations!"
        )

    def test_has_the_admin(self):
        self.assertRedirects(
            self.client.get("/admin/"),
            "/admin/login/?next=/admin/",
            fetch_redirect_response=False,
        )


class IndexTests(SimpleTestCase):
    def get_index(self, **variables):
        with mock.patch.dict(os.environ, variables):
            return self.client.get("/")

    def test_shows_pod_image_tag_and_django_version(self):
        response = self.get_index(POD_NAME="web-5d4f-x7k2p", IMAGE_TAG="0123456789ab")
        self.assertContains(response, "<dd>web-5d4f-x7k2p</dd>", html=True)
        self.assertContains(response, "<dd>0123456789ab</dd>", html=True)
        self.assertContains(response, f"<dd>{django.get_version()}</dd>", html=True)

    def test_falls_back_to_the_host_name_and_an_unknown_tag(self):
        response = self.get_index(POD_NAME="", IMAGE_TAG="")
        self.assertContains(response, f"<dd>{socket.gethostname()}</dd>", html=True)
        self.assertContains(response, "<dd>unknown</dd>", html=True)

    def test_escapes_what_it_shows(self):
        response = self.get_index(POD_NAME="<script>", IMAGE_TAG='"&')
        self.assertContains(response, "<dd>&lt;script&gt;</dd>")
        self.assertContains(response, "<dd>&quot;&amp;</dd>")

    def test_is_not_stored_by_caches(self):
        self.assertEqual(self.get_index()["Cache-Control"], "no-store")

    def test_refuses_other_methods_than_get_and_head(self):
        self.assertEqual(self.client.head("/").status_code, 200)
        with self.assertLogs("django.request", "WARNING"):
            self.assertEqual(self.client.post("/").status_code, 405)

    def test_has_the_admin(self):
        self.assertRedirects(
            self.client.get("/admin/"),
            "/admin/login/?next=/admin/",
            fetch_redirect_response=False,
        )
