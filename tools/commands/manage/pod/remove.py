"""Removes a folder: remove.py FOLDER"""

import shutil
import sys

shutil.rmtree(sys.argv[1], ignore_errors=True)
