"""Prints how many files a folder has: media_look.py FOLDER"""

import os
import sys

print(sum(len(files) for _, _, files in os.walk(sys.argv[1])))
