from django.conf import settings
from django.test import SimpleTestCase

from tests.cases import SettingsTestCase
from tests.processes import SECRET_KEY, run


class SettingsTests(SettingsTestCase):
    def test_debug_is_on_only_for_a_clear_yes(self):
        for value, expected in {
            "1": True,
            "true": True,
            "True": True,
            "YES": True,
            " on ": True,
            "": False,
            "0": False,
            "false": False,
            "no": False,
            "debug": False,
        }.items():
            with self.subTest(value=value):
                debug = self.read_one("DEBUG", DEBUG=value, SECRET_KEY=SECRET_KEY)
                self.assertIs(debug, expected)
        self.assertIs(self.read_one("DEBUG", SECRET_KEY=SECRET_KEY), False)

    def test_a_missing_secret_key_is_refused_with_the_command_that_sets_it(self):
        for variables in ({}, {"SECRET_KEY": " "}):
            with self.subTest(variables):
                self.assertEqual(
                    self.failure(**variables),
                    "django.core.exceptions.ImproperlyConfigured: "
                    "No secret key is set, and DEBUG is off: run `pulumi config set "
                    "--secret secretKey <50 or more random characters>` and deploy "
                    "again, or set SECRET_KEY or SECRET_KEY_FILE in the environment.",
                )

    def test_debug_falls_back_to_an_insecure_secret_key(self):
        self.assertEqual(
            self.read_one("SECRET_KEY", DEBUG="1"),
            "django-insecure-for-development-only",
        )
        self.assertEqual(
            self.read_one("SECRET_KEY", DEBUG="1", SECRET_KEY="own"), "own"
        )

    def test_the_secret_key_comes_from_the_environment(self):
        self.assertEqual(self.read_one("SECRET_KEY", SECRET_KEY="own"), "own")

    def test_a_secret_key_file_goes_before_the_environment(self):
        path = self.secret_file("from the file\n")
        self.assertEqual(
            self.read_one("SECRET_KEY", SECRET_KEY_FILE=path, SECRET_KEY="own"),
            "from the file",
        )

    def test_an_empty_secret_key_file_is_named(self):
        path = self.secret_file("\n")
        self.assertEqual(
            self.failure(SECRET_KEY_FILE=path, SECRET_KEY="own"),
            "django.core.exceptions.ImproperlyConfigured: SECRET_KEY_FILE names "
            f'"{path}", which is empty: write the secret to it or unset '
            "SECRET_KEY_FILE.",
        )

    def test_a_secret_key_file_that_cannot_be_read_is_named(self):
        self.assertEqual(
            self.failure(SECRET_KEY_FILE="/nowhere/secret-key", DEBUG="1"),
            "django.core.exceptions.ImproperlyConfigured: SECRET_KEY_FILE names "
            '"/nowhere/secret-key", which cannot be read (No such file or directory): '
            "mount the secret there or unset SECRET_KEY_FILE.",
        )

    def test_lists_are_separated_by_commas_and_trimmed(self):
        lists = self.read(
            "ALLOWED_HOSTS",
            "CSRF_TRUSTED_ORIGINS",
            DEBUG="1",
            ALLOWED_HOSTS=" a.example, b.example ,,",
            CSRF_TRUSTED_ORIGINS="https://a.example,http://b.example:30080",
        )
        self.assertEqual(lists["ALLOWED_HOSTS"], ["a.example", "b.example"])
        self.assertEqual(
            lists["CSRF_TRUSTED_ORIGINS"],
            ["https://a.example", "http://b.example:30080"],
        )

    def test_lists_are_empty_when_unset(self):
        self.assertEqual(
            self.read("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", DEBUG="1"),
            {"ALLOWED_HOSTS": [], "CSRF_TRUSTED_ORIGINS": []},
        )

    def test_sqlite_path_places_the_database(self):
        for variables, expected in (
            ({}, str(settings.BASE_DIR / "db.sqlite3")),
            ({"SQLITE_PATH": "/data/db.sqlite3"}, "/data/db.sqlite3"),
        ):
            with self.subTest(variables):
                databases = self.read_one("DATABASES", DEBUG="1", **variables)
                self.assertEqual(databases["default"]["NAME"], expected)

    def test_logs_reach_the_console_once_whether_debug_is_on_or_off(self):
        program = (
            "import django, logging; django.setup(); "
            "logging.getLogger('django.request').error('broken'); "
            "logging.getLogger('polls').info('counted')"
        )
        for debug in ("0", "1"):
            with self.subTest(debug=debug):
                result = run(
                    "-c",
                    program,
                    DJANGO_SETTINGS_MODULE="config.settings",
                    DEBUG=debug,
                    SECRET_KEY=SECRET_KEY,
                )
                self.assertEqual(result.stderr, "broken\ncounted\n")

    def test_all_that_needs_tls_follows_one_variable(self):
        names = (
            "SECURE_SSL_REDIRECT",
            "SESSION_COOKIE_SECURE",
            "CSRF_COOKIE_SECURE",
        )
        for value, expected in (("", False), ("on", True)):
            with self.subTest(value=value):
                values = self.read(
                    *names, SERVED_OVER_HTTPS=value, SECRET_KEY=SECRET_KEY
                )
                self.assertEqual(values, dict.fromkeys(names, expected))


class DeploymentChecksTests(SimpleTestCase):
    def check(self, **variables):
        return run(
            "manage.py",
            "check",
            "--deploy",
            "--fail-level",
            "WARNING",
            ALLOWED_HOSTS="example.com",
            **variables,
        )

    def test_are_clean_over_http_and_over_https(self):
        for value in ("off", "on"):
            with self.subTest(served_over_https=value):
                result = self.check(SECRET_KEY=SECRET_KEY, SERVED_OVER_HTTPS=value)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn("no issues", result.stdout)

    def test_still_find_a_weak_secret_key(self):
        result = self.check(SECRET_KEY="short")
        self.assertEqual(result.returncode, 1)
        self.assertIn("security.W009", result.stderr)
