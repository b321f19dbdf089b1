"""
Runs manage.py: run.py VARIABLES FOLDER ARGUMENTS...

VARIABLES is a JSON file with environment variables, which is removed, or empty.
FOLDER is the one of manage.py; if it is empty, the present folder is.
"""

import json
import os
import sys

variables, folder, *arguments = sys.argv[1:]
if variables:
    with open(variables, encoding="utf-8") as file:
        os.environ.update(json.load(file))
    os.remove(variables)
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
os.execvp("python", ["python", "manage.py", *arguments])
