"""Lets a running program read its templates again."""

import mmap
import os
import struct
import sys

MODULE = "django.template.loaders.cached"


class TemplateChanges:
    """A number that each process of the pod sees at once: how often templates changed."""

    def __init__(self, path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, 8)
            self.shared = mmap.mmap(descriptor, 8)
        finally:
            os.close(descriptor)

    def count(self):
        return struct.unpack_from("Q", self.shared)[0]

    def add(self):
        struct.pack_into("Q", self.shared, 0, self.count() + 1)

    def patch(self, module):
        """Make Django's cached loader drop its templates when they changed since."""
        load = module.Loader.get_template
        count = self.count

        def get_template(loader, *args, **kwargs):
            now = count()
            if getattr(loader, "live_reload_count", now) != now:
                loader.reset()
            loader.live_reload_count = now
            return load(loader, *args, **kwargs)

        module.Loader.get_template = get_template

    def patches(self):
        """Patch the module now if it is loaded, and else return what patches it then."""
        if MODULE in sys.modules:
            self.patch(sys.modules[MODULE])
            return {}
        return {MODULE: self.patch}
