"""
Runs manage.py: run.py VARIABLES FOLDER ARGUMENTS...

VARIABLES is a JSON file with environment variables, which is removed, or empty.
FOLDER is the one of manage.py; if it is empty, the present folder is.
"""

import glob
import importlib.util
import json
import os
import shutil
import sys


def environments():
    """Virtual environments that are not on PATH, such as the one of `uv run`."""
    yield from filter(None, map(os.environ.get, ["VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"]))
    yield from (os.path.abspath(name) for name in (".venv", "venv"))
    for place in sorted(glob.glob("/proc/[0-9]*/cmdline")):
        try:
            with open(place, "rb") as file:
                program = os.fsdecode(file.read().split(b"\0")[0])
        except OSError:
            continue
        if os.path.isabs(program):
            yield os.path.dirname(os.path.dirname(program))


def interpreter():
    """The Python that has Django."""
    found = importlib.util.find_spec("django")
    # A folder of that name is found, too, and has no file.
    if found is not None and found.origin is not None:
        return sys.executable
    for environment in environments():
        program = f"{environment}/bin/python"
        if os.path.exists(program) and glob.glob(f"{environment}/lib/python*/site-packages/django"):
            return program
    return "python" if shutil.which("python") else sys.executable


def manage():
    """Where manage.py is, which may be a folder below the one of the image."""
    below = [] if os.path.exists("manage.py") else glob.glob("*/manage.py")
    return below[0] if len(below) == 1 else "manage.py"


variables, folder, *arguments = sys.argv[1:]
if variables:
    with open(variables, encoding="utf-8") as file:
        os.environ.update(json.load(file))
    os.remove(variables)
program = interpreter()
if folder:
    image = os.getcwd()
    # Where the image adds folders of its project to the path, by PYTHONPATH or by an
    # editable installation, those of the copy come first.
    below = [path[len(image) :] for path in sys.path if path.startswith(f"{image}/")]
    own = [folder + path for path in below if os.path.isdir(folder + path)]
    path = [*own, *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ.update(PYTHONPATH=os.pathsep.join(path), PYTHONDONTWRITEBYTECODE="1")
    # A database beside the image's manage.py is the one that the pod has.
    for entry in os.scandir(image):
        if entry.is_file() and not os.path.lexists(f"{folder}/{entry.name}"):
            try:
                with open(entry.path, "rb") as file:
                    is_database = file.read(16) == b"SQLite format 3\0"
            except OSError:
                continue
            if is_database:
                os.symlink(entry.path, f"{folder}/{entry.name}")
    os.chdir(folder)
os.execvp(program, [program, manage(), *arguments])
