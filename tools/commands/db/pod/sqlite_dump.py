"""
Writes a compressed tar with a copy of each SQLite file of a folder to standard output:
sqlite_dump.py FOLDER

SQLite makes the copies, so that each is as after a transaction. The last line on
standard error is the tar's SHA-256.
"""

import glob
import hashlib
import os
import sqlite3
import sys
import tarfile
import tempfile


class Output:
    def __init__(self):
        self.digest = hashlib.sha256()

    def write(self, data):
        self.digest.update(data)
        sys.stdout.buffer.write(data)
        return len(data)


def is_database(path):
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(16) == b"SQLite format 3\0"


folder = sys.argv[1]
paths = [path for path in sorted(glob.glob(os.path.join(folder, "*"))) if is_database(path)]
if not paths:
    sys.exit(f"{folder} has no SQLite file")
output = Output()
# In the volume itself: /tmp may be memory.
with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder) as scratch:
    with tarfile.open(fileobj=output, mode="w|gz") as archive:
        for path in paths:
            copy = os.path.join(scratch, "copy")
            with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
                source.backup(target)
            source.close()
            target.close()
            archive.add(copy, os.path.basename(path))
            os.remove(copy)
sys.stdout.buffer.flush()
print(output.digest.hexdigest(), file=sys.stderr)
