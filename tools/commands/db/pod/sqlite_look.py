"""
Prints SQLite's version, the size of the SQLite files of a folder in bytes, and the
tables that have rows of the project: sqlite_look.py FOLDER

Those that Django's own `migrate` fills do not count.
"""

import glob
import os
import sqlite3
import sys

own = {"django_migrations", "django_content_type", "auth_permission", "django_site"}
folder = sys.argv[1]
filled, size = [], 0
for path in sorted(glob.glob(os.path.join(folder, "*"))):
    if os.path.islink(path) or not os.path.isfile(path):
        continue
    with open(path, "rb") as file:
        if file.read(16) != b"SQLite format 3\0":
            continue
    size += os.path.getsize(path)
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for (name,) in tables.fetchall():
        quoted = name.replace('"', '""')
        if name not in own and not name.startswith("sqlite_"):
            if connection.execute(f'SELECT EXISTS (SELECT 1 FROM "{quoted}")').fetchone()[0]:
                filled.append(name)
    connection.close()
print(sqlite3.sqlite_version, size, *filled, sep="\n")
