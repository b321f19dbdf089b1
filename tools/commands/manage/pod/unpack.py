"""
Unpacks a tar on standard input into a new folder: unpack.py FILES

FILES is how many files the tar has. Prints the folder, and the SHA-256 of each file,
as JSON. If that fails nothing is left.
"""

import hashlib
import json
import os
import shutil
import sys
import tarfile
import tempfile

folder = tempfile.mkdtemp(prefix="manage-")
sources = os.path.join(folder, "sources")


def write(archive, member, place):
    digest = hashlib.sha256()
    with archive.extractfile(member) as source, open(place, "wb") as target:
        for chunk in iter(lambda: source.read(1 << 20), b""):
            digest.update(chunk)
            target.write(chunk)
    os.chmod(place, member.mode & 0o777 | 0o600)
    return digest.hexdigest()


try:
    os.mkdir(sources)
    digests = {}
    with tarfile.open(fileobj=sys.stdin.buffer, mode="r|", encoding="utf-8") as archive:
        for member in archive:
            place = os.path.join(sources, member.name)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            if member.isdir():
                os.makedirs(place, exist_ok=True)
            elif member.issym():
                os.symlink(member.linkname, place)
            else:
                digests[member.name] = write(archive, member, place)
    if len(digests) != int(sys.argv[1]):
        sys.exit(f"{len(digests)} of {sys.argv[1]} files have arrived")
    with open(os.path.join(folder, "digests.json"), "w") as file:
        json.dump(digests, file)
    print(json.dumps({"folder": folder, "digests": digests}), flush=True)
except BaseException:
    shutil.rmtree(folder, ignore_errors=True)
    raise
