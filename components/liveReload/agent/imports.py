"""The imports of the program: which it asks for, and how those of the project are loaded."""

import hashlib
import importlib.machinery
import importlib.util
import json
import marshal
import os
import sys


def places(path):
    """Return the absolute path as it is written and where its links lead."""
    return {os.path.abspath(path), os.path.realpath(path)}


# The head of bytecode that Python takes for any source: an image is often compiled so.
HASH_BASED = importlib.util.MAGIC_NUMBER + bytes([1, 0, 0, 0])


class Project:
    """The folders of the project in the container; what is installed within them is not of it."""

    def __init__(self, roots):
        self.roots = {place for root in roots for place in places(root)}

    def has(self, path):
        return any(self.is_inside(place) for place in places(path))

    def is_inside(self, path):
        for root in self.roots:
            if path == root or path.startswith(root.rstrip("/") + "/"):
                inner = path[len(root) :].split("/")
                return "site-packages" not in inner and "dist-packages" not in inner
        return False

    def has_spec(self, spec):
        paths = list(spec.submodule_search_locations or [])
        if spec.has_location:
            paths.append(spec.origin)
        return any(self.has(path) for path in paths)

    def forget_folders(self):
        """Drop the listings of the project's folders: files may have changed since."""
        for path in list(sys.path_importer_cache):
            if self.has(path):
                del sys.path_importer_cache[path]


def read_code(path, head):
    """Return the code in a file that begins with these bytes, or None."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        if data.startswith(head):
            return marshal.loads(data[len(head) :])
    except (OSError, ValueError, EOFError, TypeError):
        pass
    return None


def hash_of(source):
    """Return the hash that bytecode has of its source; Python has none before 3.7."""
    if hasattr(importlib.util, "source_hash"):
        return importlib.util.source_hash(source)
    return hashlib.sha256(source).digest()[:8]


class ProjectLoader(importlib.machinery.SourceFileLoader):
    """Loads a module from bytecode that was made of exactly this source.

    Python itself compares times, which a copied file has of its own, or nothing at all where an
    image was compiled with unchecked hashes: an edit would not be seen.
    """

    bytecode = None

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        source = self.get_data(path)
        stamp = hash_of(source)
        cached = "%s%s.%d" % (self.bytecode, os.path.abspath(path), sys.flags.optimize)
        # The image may have bytecode with a hash, which is as good.
        beside = importlib.util.cache_from_source(path)
        code = read_code(cached, stamp) or read_code(beside, HASH_BASED + stamp)
        if code is None:
            code = self.source_to_code(source, path)
            self.keep(cached, stamp + marshal.dumps(code))
        return code

    def keep(self, cached, data):
        temporary = "%s.%d" % (cached, os.getpid())
        try:
            os.makedirs(os.path.dirname(cached), exist_ok=True)
            with open(temporary, "wb") as file:
                file.write(data)
            os.replace(temporary, cached)
        except OSError:
            pass  # A full disk costs time alone.


# Python leaves frames of this name out of the traceback of an import, as it does its own. Before 3.8
# the traceback has them.
if hasattr(ProjectLoader.get_code.__code__, "replace"):
    ProjectLoader.get_code.__code__ = ProjectLoader.get_code.__code__.replace(
        co_filename="<frozen importlib._bootstrap_external>"
    )


def load_project_by_content(project, bytecode):
    """Load every module of the project by `ProjectLoader`, from here on in this process."""
    loader = type("ProjectLoader", (ProjectLoader,), {"bytecode": bytecode})
    details = [
        (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
        (loader, importlib.machinery.SOURCE_SUFFIXES),
        (importlib.machinery.SourcelessFileLoader, importlib.machinery.BYTECODE_SUFFIXES),
    ]

    def hook(path):
        if not project.has(path or os.getcwd()) or not os.path.isdir(path or "."):
            raise ImportError("not a folder of the project", path=path)
        return importlib.machinery.FileFinder(path, *details)

    sys.path_hooks.insert(0, hook)
    project.forget_folders()
    # Others load a file by its path, such as gunicorn its configuration. Python must leave no
    # bytecode beside it that an edit within the same second would not change.
    sys.dont_write_bytecode = True


class Record:
    """The names that programs asked to import, in order, and their sys.path, in a file."""

    def __init__(self, path):
        self.path = path

    def read(self):
        """Return the names, without repetition, and the last sys.path."""
        names, path = {}, None
        try:
            with open(self.path, encoding="utf-8", errors="surrogateescape") as lines:
                for line in lines:
                    if line.startswith("["):
                        path = json.loads(line)
                    else:
                        names[line.rstrip("\n")] = None
        except (OSError, ValueError):
            pass
        return list(names), path


class Recorder:
    """A finder that finds nothing and records each name it is asked for.

    `patches` are functions by the name of the module that they change when it has been loaded.
    """

    def __init__(self, record, patches):
        self.known = set(record.read()[0])
        self.patches = patches
        self.sys_path = None
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self.file = os.open(record.path, flags, 0o600)

    def find_spec(self, name, path=None, target=None):
        if sys.path != self.sys_path:
            self.sys_path = list(sys.path)
            self.write(json.dumps([str(entry) for entry in self.sys_path]))
        if name not in self.known:
            self.known.add(name)
            self.write(name)
        if name in self.patches:
            return self.find_patched(name, path, target)
        return None

    def write(self, line):
        try:
            os.write(self.file, (line + "\n").encode("utf-8", "surrogateescape"))
        except OSError:
            pass

    def find_patched(self, name, path, target):
        patch = self.patches.pop(name)
        spec = find_spec_after(self, name, path, target)
        if spec is None or not hasattr(spec.loader, "exec_module"):
            return spec
        load = spec.loader.exec_module

        def load_and_patch(module):
            load(module)
            patch(module)

        spec.loader.exec_module = load_and_patch
        return spec


def find_spec_after(finder, name, path, target):
    """Return what the finders after this one find."""
    for other in sys.meta_path[sys.meta_path.index(finder) + 1 :]:
        find = getattr(other, "find_spec", None)
        spec = find(name, path, target) if find else None
        if spec is not None:
            return spec
    return None
