"""Puts the project's files in place in the pod, and nothing else's."""

import hashlib
import json
import os
import stat

PREFIX = ".live-reload-"


class Refused(Exception):
    """A path that cannot be written, and why."""

    def __init__(self, path, error):
        reason = error.strerror if isinstance(error, OSError) else str(error)
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


def mode_of(path):
    """Return the mode of what is there itself, 0 for nothing."""
    try:
        return os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


class Known:
    """The paths that are the project's, in a file of the state folder.

    Everything else in its folders was made in the pod, such as a database or an upload.
    """

    def __init__(self, path):
        self.path = path
        self.paths = set()
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as lines:
                for line in lines:
                    if line.endswith("\n"):  # Not the line at which the container was killed.
                        self.note(*json.loads(line))
        except FileNotFoundError:
            pass

    def note(self, is_there, path):
        (self.paths.add if is_there else self.paths.discard)(path)

    def replace(self, paths):
        temporary = self.path + ".new"
        with open(temporary, "w", encoding="utf-8") as file:
            for path in sorted(paths):
                file.write(json.dumps([True, path]) + "\n")
        os.replace(temporary, self.path)
        self.paths = set(paths)

    def change(self, removed, added):
        with open(self.path, "a", encoding="utf-8") as file:
            for path in removed:
                file.write(json.dumps([False, path]) + "\n")
                self.note(False, path)
            for path in added:
                if path not in self.paths:
                    file.write(json.dumps([True, path]) + "\n")
                    self.note(True, path)


class Tree:
    """The project's folders in the pod."""

    def __init__(self, roots, known):
        self.roots = [os.path.abspath(root) for root in roots]
        self.known = known

    def is_real(self, path, seen):
        """Whether no folder on the way to a path is a link, from the project's root on."""
        folder = os.path.dirname(path)
        if folder not in seen:
            if folder in self.roots or folder == path:
                seen[folder] = True
            else:
                seen[folder] = stat.S_ISDIR(mode_of(folder)) and self.is_real(folder, seen)
        return seen[folder]

    def remove(self, paths):
        """Remove files, links and folders that are empty then; return how many there were."""
        removed, seen = 0, {}
        for path in sorted(paths, reverse=True):
            if not self.is_real(path, seen):
                continue
            mode = mode_of(path)
            try:
                if stat.S_ISDIR(mode):
                    removed += self.remove_folder(path)
                elif mode:
                    os.unlink(path)
                    removed += 1
            except OSError as error:
                raise Refused(path, error) from None
        remove_bytecode(paths)
        return removed

    def remove_folder(self, path):
        inside = os.listdir(path)
        if inside == ["__pycache__"]:
            remove_cache(os.path.join(path, "__pycache__"), lambda name: True)
            inside = os.listdir(path)
        if inside:
            return 0
        os.rmdir(path)
        return 1

    def make_folder(self, path, made):
        """Make a folder and those above it, in place of what else is there; note them in `made`."""
        if path in made:
            return
        if path in self.roots or path == os.path.dirname(path):
            os.makedirs(path, exist_ok=True)
        else:
            self.make_folder(os.path.dirname(path), made)
            mode = mode_of(path)
            if not stat.S_ISDIR(mode):
                if mode:
                    os.unlink(path)
                os.mkdir(path)
                os.chmod(path, 0o755)
        made.add(path)

    def make_folders(self, paths):
        made = set()
        for path in paths:
            try:
                self.make_folder(path, made)
            except OSError as error:
                raise Refused(path, error) from None

    def make_links(self, links):
        for path, target in links:
            mode = mode_of(path)
            if stat.S_ISLNK(mode) and os.readlink(path) == target:
                continue
            temporary = self.temporary(path, 0)
            try:
                if stat.S_ISDIR(mode):
                    self.check_free([path])
                    self.clear_folder(path)
                os.symlink(target, temporary)
                os.replace(temporary, path)
            except OSError as error:
                raise Refused(path, error) from None

    def clear_folder(self, path):
        """Remove a folder in whose place something else comes; all in it is the project's."""
        for folder, folders, files in os.walk(path, topdown=False):
            for name in files:
                os.unlink(os.path.join(folder, name))
            for name in folders:
                inner = os.path.join(folder, name)
                (os.unlink if os.path.islink(inner) else os.rmdir)(inner)
        os.rmdir(path)

    def check_free(self, paths):
        """Refuse a path before anything is changed if it is a folder with other files."""
        for path in paths:
            foreign = self.foreign(path) if stat.S_ISDIR(mode_of(path)) else None
            if foreign:
                raise Refused(path, OSError(0, "a folder is there, with %s in it" % foreign))

    def foreign(self, path):
        """Return a file in a folder that is not the project's, or None."""
        for folder, folders, files in os.walk(path):
            if os.path.basename(folder) == "__pycache__":
                continue
            links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            for name in files + links:
                inner = os.path.join(folder, name)
                if inner not in self.known.paths and not name.startswith(PREFIX):
                    return inner
        return None

    def temporary(self, path, number):
        """Return a path in the nearest folder that is there, so that a rename is enough."""
        folder = os.path.dirname(path)
        while folder not in self.roots and not self.is_folder(folder):
            folder = os.path.dirname(folder)
        return os.path.join(folder, "%s%d-%d" % (PREFIX, os.getpid(), number))

    def is_folder(self, folder):
        return stat.S_ISDIR(mode_of(folder)) and self.is_real(folder, {})

    def put(self, temporary, path):
        try:
            if stat.S_ISDIR(mode_of(path)):
                self.check_free([path])
                self.clear_folder(path)
            os.replace(temporary, path)
        except OSError as error:
            raise Refused(path, error) from None

    def differing(self, files):
        """Return the paths of files that are not there with this content; put modes right."""
        wanted = []
        for path, mode, size, digest in files:
            try:
                found = os.lstat(path)
                if not stat.S_ISREG(found.st_mode) or found.st_size != size:
                    wanted.append(path)
                elif digest_of(path) != digest:
                    wanted.append(path)
                elif stat.S_IMODE(found.st_mode) != mode:
                    os.chmod(path, mode)
            except (FileNotFoundError, NotADirectoryError):
                wanted.append(path)
            except OSError as error:
                raise Refused(path, error) from None
        return wanted


def digest_of(path):
    digest = hashlib.sha1()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()


def remove_bytecode(paths):
    """Remove what any interpreter compiled beside these sources: it may not look at them again."""
    folders = {}
    for path in paths:
        if path.endswith(".py"):
            folder, name = os.path.split(path)
            folders.setdefault(folder, set()).add(name[: -len(".py")])
    for folder, names in folders.items():
        cache = os.path.join(folder, "__pycache__")
        remove_cache(cache, lambda name, names=names: name.split(".")[0] in names)


def remove_cache(cache, is_stale):
    try:
        for name in os.listdir(cache):
            if is_stale(name):
                os.unlink(os.path.join(cache, name))
        os.rmdir(cache)
    except OSError:
        pass  # Others are left in it, or it is not there.
