import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.test import SimpleTestCase

from tests.processes import SECRET_KEY, run, serve

STYLESHEET = re.compile(r"/static/admin/css/base\.[0-9a-f]{12}\.css")


class DebugOffTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # collectstatic writes next to the sources, which may be read-only.
        cls.folder = Path(cls.enterClassContext(TemporaryDirectory())) / "app"
        ignore = shutil.ignore_patterns("__pycache__", "staticfiles", "*.sqlite3")
        shutil.copytree(settings.BASE_DIR, cls.folder, ignore=ignore)
        cls.collected = cls.run_in_copy("manage.py", "collectstatic", "--no-input")

    @classmethod
    def run_in_copy(cls, *args):
        return run(*args, folder=cls.folder, SECRET_KEY=SECRET_KEY)

    def serve(self):
        return serve(self.folder, SECRET_KEY=SECRET_KEY, ALLOWED_HOSTS="127.0.0.1")

    def test_collectstatic_fills_staticfiles(self):
        self.assertEqual(self.collected.returncode, 0, self.collected.stderr)
        manifest = self.folder / "staticfiles" / "staticfiles.json"
        self.assertTrue(manifest.is_file())

    def test_pages_name_stylesheets_by_their_content(self):
        with self.serve() as server:
            _, page = server.get("/admin/login/")
            path = STYLESHEET.search(page)[0]
            response, body = server.get(path)
        self.assertEqual(response.status, 200)
        self.assertEqual(response.headers["Content-Type"], 'text/css; charset="utf-8"')
        self.assertIn("--primary", body)

    def test_browsers_keep_a_hashed_file_for_years_and_get_it_compressed(self):
        with self.serve() as server:
            _, page = server.get("/admin/login/")
            path = STYLESHEET.search(page)[0]
            response, _ = server.get(path, "HEAD", **{"Accept-Encoding": "gzip"})
        self.assertEqual(
            response.headers["Cache-Control"], "max-age=315360000, public, immutable"
        )
        self.assertEqual(response.headers["Content-Encoding"], "gzip")

    def test_a_plain_name_is_kept_for_a_minute_only(self):
        with self.serve() as server:
            response, _ = server.get("/static/admin/css/base.css")
        self.assertEqual(response.headers["Cache-Control"], "max-age=60, public")

    def test_nothing_but_static_files_is_served(self):
        paths = ("/static/admin/css/missing.css", "/static/../manage.py", "/manage.py")
        with self.serve() as server:
            for path in paths:
                with self.subTest(path=path):
                    response, _ = server.get(path)
                    self.assertEqual(response.status, 404)


class DebugOnTests(SimpleTestCase):
    def test_the_development_server_serves_them_from_the_sources(self):
        folder = self.enterContext(TemporaryDirectory())
        with serve(DEBUG="1", SQLITE_PATH=f"{folder}/db.sqlite3") as server:
            _, page = server.get("/admin/login/")
            response, body = server.get("/static/admin/css/base.css")
        self.assertIn('"/static/admin/css/base.css"', page)
        self.assertEqual(response.status, 200)
        self.assertIn("--primary", body)

    def test_a_test_needs_no_collected_files(self):
        response = self.client.get("/admin/login/")
        self.assertContains(response, '"/static/admin/css/base.css"')
