"""A process that imported what lies outside of the project, from which the program is forked.

A module stays out of it if its import touches what a fork cannot take along or what differs from one
start to the next: the settings, a module of the project, a thread, an open file.
"""

import gc
import importlib
import json
import os
import select
import signal
import sys

from imports import find_spec_after
from processes import Become, Signals
from program import run_program

SETTINGS_MODULE = "DJANGO_SETTINGS_MODULE"


class Guard:
    """A finder that keeps excluded modules and those of the project from being imported."""

    def __init__(self, project, excluded):
        self.project = project
        self.excluded = excluded
        self.touched = None
        self.asleep = False

    def find_spec(self, name, path=None, target=None):
        if self.asleep:
            return None
        if name in self.excluded:
            self.stop("needs %s" % name)
        spec = find_spec_after(self, name, path, target)
        if spec is not None and self.project.has_spec(spec):
            self.stop("needs %s of the project" % name)
        return spec

    def excludes(self, name):
        """Whether a module or a package that it is in is excluded."""
        parts = name.split(".")
        return any(".".join(parts[:end]) in self.excluded for end in range(1, len(parts) + 1))

    def stop(self, reason):
        self.touched = reason
        raise ImportError("live-reload: not while modules are preloaded")

    def is_outside(self, name):
        """Whether a name belongs to a package that can be had and is not of the project."""
        top = name.partition(".")[0]
        if top in sys.modules:
            spec = getattr(sys.modules[top], "__spec__", None)
        else:
            self.asleep = True
            try:
                spec = find_spec_after(self, top, None, None)
            finally:
                self.asleep = False
        return spec is not None and not self.project.has_spec(spec)


class State:
    """What an import must leave as it is."""

    def __init__(self):
        self.threads = len(os.listdir("/proc/self/task"))
        self.files = open_files()

    def change(self):
        """Return in words what changed since, or None."""
        if len(os.listdir("/proc/self/task")) > self.threads:
            return "starts a thread"
        new = open_files() - self.files
        if any(name.startswith(("socket:", "anon_inode:", "pipe:")) for _, name in new):
            return "opens a socket"
        monkey = sys.modules.get("gevent.monkey")
        if monkey and monkey.is_module_patched("socket"):
            return "replaces the standard library"
        patcher = sys.modules.get("eventlet.patcher")
        if patcher and patcher.is_monkey_patched("socket"):
            return "replaces the standard library"
        conf = sys.modules.get("django.conf")
        if conf and conf.settings.configured:
            return "configures the settings"
        return None


def open_files():
    found = set()
    for number in os.listdir("/proc/self/fd"):
        try:
            found.add((number, os.readlink("/proc/self/fd/" + number)))
        except OSError:
            pass  # The one that the folder was listed by.
    return found


def preload(names, guard):
    """Import the modules; return those that must not be, with the reason."""
    problems = {}
    state = State()
    touched = [None]
    if "django.conf" in names:
        names = ["django.conf"] + names
    for name in names:
        if name in sys.modules or guard.excludes(name) or not guard.is_outside(name):
            continue
        guard.touched = touched[0] = None
        reason = None
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # It is not installed, or needs what is not: it failed in the program, too.
        except Exception as error:
            reason = "%s: %s" % (type(error).__name__, error)
        reason = guard.touched or touched[0] or state.change() or reason
        if reason:
            problems[name] = reason
            # Whatever imports it is found in this round, too.
            guard.excluded = guard.excluded | {name}
            for loaded in list(sys.modules):
                if (loaded + ".").startswith(name + "."):
                    del sys.modules[loaded]
            state = State()
        elif name == "django.conf":
            keep_settings(sys.modules[name], touched)
    return problems


def keep_settings(conf, touched):
    """Let every look at Django's settings fail, and note it also where that is swallowed."""
    setup = conf.LazySettings._setup

    def refuse(self, name=None):
        from django.core.exceptions import ImproperlyConfigured

        touched[0] = "reads the settings"
        raise ImproperlyConfigured("live-reload: there are no settings while modules are preloaded")

    refuse.original = setup
    conf.LazySettings._setup = refuse


class Zygote:
    """The process itself, from its first line on."""

    def __init__(self, settings, program, channel, excluded):
        self.settings = settings
        self.program = program
        self.channel = channel
        self.excluded = excluded
        self.children = {}

    def run(self):
        names, path = self.settings.record.read()
        self.program.enter()
        sys.path[:] = path or self.program.import_path()
        guard = Guard(self.settings.project, self.excluded)
        sys.meta_path.insert(0, guard)
        module = os.environ.pop(SETTINGS_MODULE, None)
        output = silence()
        problems = preload(names, guard)
        speak(output)
        if problems:
            self.send({"is": "excluded", "modules": problems})
            return
        sys.meta_path.remove(guard)
        conf = sys.modules.get("django.conf")
        if conf:
            setup = conf.LazySettings._setup
            conf.LazySettings._setup = getattr(setup, "original", setup)
        if module is not None:
            os.environ[SETTINGS_MODULE] = module
        gc.collect()
        gc.freeze()
        self.send({"is": "ready", "modules": len(sys.modules)})
        self.serve()

    def send(self, message):
        try:
            self.channel.send(json.dumps(message).encode())
        except (BrokenPipeError, ConnectionResetError):
            pass  # The agent has left, which receive() says as well.

    def receive(self):
        """Return what the agent asks for; nothing once it has left, whether it read what was sent or not."""
        try:
            return self.channel.recv(4096)
        except ConnectionResetError:
            return b""

    def serve(self):
        """Fork when the agent asks for it, and report how each child ended."""
        signals = Signals((signal.SIGCHLD,))
        retired = False
        while not retired or self.children:
            wait = [signals.reader] + ([] if retired else [self.channel])
            ready = select.select(wait, [], [])[0]
            if signals.reader in ready:
                signals.read()
                self.reap()
            if self.channel in ready:
                data = self.receive()
                if data:
                    self.fork(json.loads(data), signals)
                else:
                    retired = True

    def reap(self):
        for pid in list(self.children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                number = self.children.pop(pid)
                self.send({"is": "ended", "number": number, "status": status})

    def fork(self, request, signals):
        number, debugged = request["number"], request["debugged"]
        pid = os.fork()
        if pid == 0:
            signals.release()
            self.settings.lifeline.hold()
            # It says so itself: a zygote that is killed in this moment leaves no process that the agent does not know of.
            self.send({"is": "forked", "pid": os.getpid()})
            self.channel.close()
            raise Become(lambda: run_program(self.settings, self.program, number, debugged))
        self.children[pid] = number


def silence():
    """Send what is printed nowhere: it was printed when the program imported the same."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return kept


def speak(kept):
    sys.stdout.flush()
    sys.stderr.flush()
    for target, descriptor in zip((1, 2), kept):
        os.dup2(descriptor, target)
        os.close(descriptor)
