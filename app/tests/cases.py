import json
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import SimpleTestCase

from tests.processes import run

PRINT_SETTINGS = """
import json, sys
from config import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


class SettingsTestCase(SimpleTestCase):
    def read(self, *names, **variables):
        """The settings under exactly these variables."""
        result = run("-c", PRINT_SETTINGS, *names, **variables)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def read_one(self, name, **variables):
        return self.read(name, **variables)[name]

    def failure(self, **variables):
        """The last line that importing the settings prints."""
        result = run("-c", PRINT_SETTINGS, **variables)
        self.assertNotEqual(result.returncode, 0)
        return result.stderr.splitlines()[-1]

    def secret_file(self, text):
        folder = Path(self.enterContext(TemporaryDirectory()))
        path = folder / "secret"
        path.write_text(text)
        return str(path)
