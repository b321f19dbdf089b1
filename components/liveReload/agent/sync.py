"""Talks with the developer's machine: files and requests on standard input, answers on output."""

import fcntl
import json
import os
import re
import select
import socket
import sys
import time

from files import Known, Refused, Tree, remove_bytecode
from settings import roots, state_folder

PART = 1 << 18
# What `collectstatic` copies, as far as a name tells, and what the template engines read.
STATIC = re.compile(r"/static/|\.(css|m?js|map|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf)$", re.I)
TEMPLATE = re.compile(r"/(templates|jinja2)/|\.(html?|djhtml|jinja2?|j2|txt|md|rst)$", re.I)


class Superseded(Exception):
    """Another stream was opened after this one."""


class Malformed(Exception):
    """What came is not of the protocol."""


class Stream:
    """Standard input, read while the agent is listened to."""

    def __init__(self, agent):
        self.agent = agent
        self.data = b""

    def line(self):
        """Return the next line, or raise EOFError."""
        parts = [self.data]
        while b"\n" not in parts[-1]:
            parts.append(self.more())
        line, self.data = b"".join(parts).split(b"\n", 1)
        return line

    def part(self, size):
        """Return at most this many bytes."""
        data = self.data or self.more()
        part, self.data = data[:size], data[size:]
        return part

    def more(self):
        while True:
            ready = select.select([0, self.agent.connection], [], [])[0]
            if self.agent.connection in ready:
                self.agent.relay()
            if 0 in ready:
                data = os.read(0, PART)
                if not data:
                    raise EOFError
                return data


class Agent:
    """The connection to the process that runs the program."""

    def __init__(self, path):
        self.connection = socket.socket(socket.AF_UNIX)
        self.data = b""
        self.begun = {}
        until = time.monotonic() + 10
        while True:
            try:
                self.connection.connect(path)
                return
            except OSError:
                # The container has just started.
                if time.monotonic() > until:
                    raise
            time.sleep(0.05)

    def send(self, message):
        self.connection.sendall(json.dumps(message).encode() + b"\n")

    def check(self):
        """Raise `Superseded` if that is so by now."""
        while select.select([self.connection], [], [], 0)[0]:
            self.relay()

    def relay(self):
        data = self.connection.recv(PART)
        if not data:
            raise EOFError
        *lines, self.data = (self.data + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if message["is"] == "changed":
                begun = self.begun.pop(message["id"])
                message["seconds"] = round(time.monotonic() - begun, 3)
            say(message)
            if message["is"] == "superseded":
                raise Superseded


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data) :]


def say(message):
    write_all(1, json.dumps(message).encode() + b"\n")


class Sync:
    def __init__(self):
        self.state = state_folder()
        self.agent = Agent(self.path("socket"))
        self.stream = Stream(self.agent)
        self.lock = os.open(self.path("lock"), os.O_RDWR | os.O_CREAT, 0o600)
        self.known = None
        self.tree = None

    def path(self, name):
        return os.path.join(self.state, name)

    def run(self):
        while True:
            line = self.stream.line()
            try:
                message = json.loads(line)
                handle = {
                    "open": self.open,
                    "change": self.change,
                    "ping": self.ping,
                }[message["do"]]
            except (ValueError, KeyError, TypeError):
                raise Malformed("not a message: %r" % line[:200]) from None
            try:
                handle(message)
            except Refused as refused:
                answer = {"is": "refused", "path": refused.path, "reason": refused.reason}
                say(dict(answer, id=message["id"]) if "id" in message else answer)

    def ping(self, message):
        say({"is": "pong", "id": message["id"]})

    def open(self, message):
        """Make the pod's files the listed ones, but for the content of some that are then wanted."""
        self.agent.send({"do": "sync", "debugger": bool(message["debugger"])})
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        try:
            self.known = Known(self.path("known"))
            self.tree = Tree(roots(), self.known)
            with open(self.path("synced"), "w"):
                pass
            self.remove_unfinished()
            files = [path for path, _, _, _ in message["files"]]
            links = [path for path, _ in message["links"]]
            listed = set(files + links + message["folders"])
            gone = (self.known.paths | set(message["base"])) - listed
            # Whatever happens below, what is there of these is the project's.
            self.known.replace(gone | listed)
            removed = self.tree.remove(gone)
            self.tree.make_folders(message["folders"])
            self.tree.make_folders({os.path.dirname(path) for path in files + links})
            self.tree.make_links(message["links"])
            wanted = self.tree.differing(message["files"])
            self.known.replace(listed)
        finally:
            fcntl.flock(self.lock, fcntl.LOCK_UN)
        say({"is": "open", "wanted": wanted, "removed": removed})

    def change(self, message):
        """Put a batch in place, all of it or nothing, and ask for what is to follow."""
        begun = time.monotonic()
        if self.tree is None:
            raise Malformed("change before open")
        if message["then"] not in ("restart", "templates", "nothing"):
            raise Malformed("then is %r" % message["then"])
        temporary = []
        try:
            self.receive(message["files"], temporary)
            fcntl.flock(self.lock, fcntl.LOCK_EX)
            try:
                self.agent.check()
                self.put_in_place(message, temporary)
            finally:
                fcntl.flock(self.lock, fcntl.LOCK_UN)
        finally:
            for path in temporary:
                unlink(path)
            unlink(self.path("unfinished-%d" % os.getpid()))
        number, then = message["id"], message["then"]
        self.agent.begun[number] = begun
        self.agent.send({"do": then, "id": number, "kinds": kinds_of(message)})

    def receive(self, files, temporary):
        """Write the contents that follow beside their targets. All bytes are read in any case."""
        refused = None
        for index, (path, _, _) in enumerate(files):
            temporary.append(self.tree.temporary(path, index))
        with open(self.path("unfinished-%d" % os.getpid()), "w", encoding="utf-8") as journal:
            json.dump(temporary, journal)
        for (path, mode, size), target in zip(files, temporary):
            try:
                file = None if refused else open(target, "wb", buffering=0)
            except OSError as error:
                file, refused = None, Refused(path, error)
            left = size
            while left:
                part = self.stream.part(min(left, PART))
                left -= len(part)
                if refused:
                    continue
                try:
                    write_all(file.fileno(), part)
                except OSError as error:
                    refused = Refused(path, error)
            if file:
                if not refused:
                    os.fchmod(file.fileno(), mode)
                file.close()
        if refused:
            raise refused

    def put_in_place(self, message, temporary):
        paths = [path for path, _, _ in message["files"]]
        links = [path for path, _ in message["links"]]
        added = paths + links + message["folders"]
        removed = [path for path in message["remove"] if path not in set(added)]
        self.tree.check_free(paths + links)
        self.known.change([], added)
        self.tree.remove(removed)
        self.tree.make_folders(message["folders"])
        self.tree.make_folders({os.path.dirname(path) for path in paths + links})
        for target, path in zip(temporary, paths):
            self.tree.put(target, path)
        self.tree.make_links(message["links"])
        remove_bytecode(paths)
        self.known.change(removed, [])

    def remove_unfinished(self):
        """Remove what a sync left that was killed in the middle of a batch."""
        for name in os.listdir(self.state):
            if name.startswith("unfinished-"):
                try:
                    with open(self.path(name), encoding="utf-8") as journal:
                        for path in json.load(journal):
                            unlink(path)
                except ValueError:
                    pass  # It was killed before it wrote anything else.
                unlink(self.path(name))


def kinds_of(message):
    """Return what the changed files are to a script that has to run again for some of them."""
    files = [path for path, _, _ in message["files"]]
    links = [path for path, _ in message["links"]]
    paths = files + links + message["remove"]
    return sorted({kind_of(path, message["then"]) for path in paths})


def kind_of(path, then):
    if path.endswith(".py"):
        return "migration" if "/migrations/" in path else "code"
    if STATIC.search(path):
        return "static"
    if then == "restart" and not TEMPLATE.search(path):
        return "other"
    return "text"


def unlink(path):
    try:
        os.unlink(path)
    except OSError:
        pass


def sync():
    """Serve the stream until it ends or another one is opened."""
    try:
        Sync().run()
    except (EOFError, Superseded):
        pass
    except (Malformed, OSError) as error:
        say({"is": "error", "reason": str(error)})
        sys.exit(1)
