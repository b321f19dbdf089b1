"""
Prints a tar of the files that are new or have changed: collect.py FOLDER LEFT_OUT LIMIT

FOLDER is from unpack.py. LEFT_OUT is a regular expression for the names of files and
folders that are no sources, and LIMIT the number of bytes that are printed at most.
"""

import hashlib
import io
import json
import os
import re
import sys
import tarfile

folder, left_out, limit = sys.argv[1:]
sources = os.path.join(folder, "sources")
is_left_out = re.compile(left_out).search
with open(os.path.join(folder, "digests.json")) as file:
    digests = json.load(file)

found = []
for parent, folders, files in os.walk(sources):
    folders[:] = sorted(name for name in folders if not is_left_out(name))
    for name in sorted(files):
        place = os.path.join(parent, name)
        if is_left_out(name) or os.path.islink(place) or not os.path.isfile(place):
            continue
        if os.path.getsize(place) > int(limit):
            sys.exit(f"{os.path.relpath(place, sources)} has more than {limit} bytes")
        with open(place, "rb") as file:
            content = file.read()
        relative = os.path.relpath(place, sources)
        if hashlib.sha256(content).hexdigest() != digests.get(relative):
            found.append((relative, os.stat(place).st_mode, content))
            if sum(len(each) for _, _, each in found) > int(limit):
                sys.exit(f"the files have more than {limit} bytes")

with tarfile.open(
    fileobj=sys.stdout.buffer, mode="w|", format=tarfile.PAX_FORMAT, encoding="utf-8"
) as archive:
    for relative, mode, content in found:
        member = tarfile.TarInfo(relative)
        member.size = len(content)
        member.mode = mode & 0o777
        archive.addfile(member, io.BytesIO(content))
