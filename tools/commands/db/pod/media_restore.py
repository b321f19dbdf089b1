"""
Replaces what is in a folder by a compressed tar on standard input:
media_restore.py FOLDER BYTES

Prints "ready" on standard error once all is unpacked beside it, and "done" after the
line "commit" on standard input. Without that line, and after any error, the folder has
what it had.
"""

import os
import shutil
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


def move_all(source, target, moved):
    for name in sorted(os.listdir(source)):
        if not name.startswith(own) and name != "lost+found":
            os.rename(os.path.join(source, name), os.path.join(target, name))
            moved.append(name)


own = ".restore-"
folder, size = sys.argv[1], int(sys.argv[2])
for name in os.listdir(folder):
    if name.startswith(own):
        sys.exit(f"{folder} has {name}, which an ended restore left: look into it, and remove it")
source = Input(size)
new = tempfile.mkdtemp(prefix=own, dir=folder)
old = tempfile.mkdtemp(prefix=own, dir=folder)
try:
    with tarfile.open(fileobj=source, mode="r|gz") as archive:
        for member in archive:
            # Nothing outside the folder, no devices, no links out of it; the pod's user owns what it unpacks.
            archive.extract(member, new, filter="data")
    while source.read(1 << 20):
        pass
    if source.left:
        sys.exit("the file is not whole")
    print("ready", file=sys.stderr, flush=True)
    if sys.stdin.buffer.readline() != b"commit\n":
        sys.exit(1)
    gone, come = [], []
    try:
        move_all(folder, old, gone)
        move_all(new, folder, come)
    except BaseException:
        for name in come:
            os.rename(os.path.join(folder, name), os.path.join(new, name))
        for name in gone:
            os.rename(os.path.join(old, name), os.path.join(folder, name))
        raise
    print("done", file=sys.stderr, flush=True)
finally:
    shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
