"""Writes standard input to a file that nobody else may read, and prints its name."""

import os
import sys
import tempfile

handle, name = tempfile.mkstemp()
os.write(handle, sys.stdin.buffer.read())
print(name)
