"""
Replaces the SQLite files of a folder by those in a compressed tar on standard input:
sqlite_restore.py FOLDER BYTES

Prints "ready" on standard error once all is there and sound, and "done" after the line
"commit" on standard input. Without that line, and after any error, nothing is changed.
"""

import os
import sqlite3
import sys
import tarfile
import tempfile


class Input:
    """So many bytes of standard input: what follows them is not the tar's."""

    def __init__(self, left):
        self.left = left

    def read(self, size):
        data = sys.stdin.buffer.read(min(size, self.left))
        self.left -= len(data)
        return data


folder, size = sys.argv[1], int(sys.argv[2])
source = Input(size)
with tempfile.TemporaryDirectory(prefix=".restore-", dir=folder) as scratch:
    copies = []
    with tarfile.open(fileobj=source, mode="r|gz") as archive:
        for member in archive:
            if not member.isfile() or os.path.basename(member.name) != member.name:
                sys.exit(f"the file has {member.name}, which no backup of SQLite has")
            copy = os.path.join(scratch, str(len(copies)))
            with archive.extractfile(member) as data, open(copy, "wb") as target:
                for chunk in iter(lambda: data.read(1 << 20), b""):
                    target.write(chunk)
            connection = sqlite3.connect(copy)
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.close()
            if found != "ok":
                sys.exit(f"{member.name} in the file is damaged: {found}")
            copies.append((member.name, copy))
    while source.read(1 << 20):
        pass
    if source.left or not copies:
        sys.exit("the file is not whole")
    print("ready", file=sys.stderr, flush=True)
    if sys.stdin.buffer.readline() != b"commit\n":
        sys.exit(1)
    for name, copy in copies:
        kept = os.path.join(folder, name)
        earlier = sqlite3.connect(copy)
        present = sqlite3.connect(kept, timeout=30)
        # In one transaction, whoever reads it meanwhile.
        earlier.backup(present)
        present.close()
        earlier.close()
    print("done", file=sys.stderr, flush=True)
