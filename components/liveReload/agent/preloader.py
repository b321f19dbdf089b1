"""Keeps a zygote that has imported what the program imports, and forks the program from it."""

import json
import os
import socket
import sys

from processes import execute
from script import agent_by
from zygote import Zygote

ROUNDS = 8


class Preloader:
    """The agent's side of its zygotes.

    A zygote reports what must not be imported in it and ends; the next one leaves that out. It is
    replaced when the program has asked for more since, and ends when its last child has.
    """

    def __init__(self, supervisor):
        self.supervisor = supervisor
        self.settings = supervisor.settings
        # The channel to the zygote that is ready, and to the one that is not yet.
        self.zygote = None
        self.loading = None
        self.excluded = {}
        self.rounds = 0
        self.known = 0
        # Whether the one that is not ready yet is made for another program.
        self.outdated = False

    def look(self):
        """Start a zygote if there is none, or if the program has asked for more modules since."""
        program = self.settings.program
        if not program or self.loading or self.rounds == ROUNDS:
            return
        known = len(self.settings.record.read()[0])
        if self.zygote is None or known != self.known:
            self.known = known
            self.load()

    def forget(self):
        """The program is another one: nothing is forked from what was made for the one before."""
        self.outdated = self.loading is not None
        self.rounds = 0
        if self.zygote:
            self.zygote.shutdown(socket.SHUT_WR)
            self.zygote = None

    def load(self):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings, excluded = self.settings, frozenset(self.excluded)
        program = settings.program
        if not program.forks:
            # All its variables may be more than a message takes.
            descriptor = os.open(settings.path("zygote"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump({"program": program.as_message(), "excluded": sorted(excluded)}, file)

        def become_zygote():
            ours.close()
            if program.forks:
                Zygote(settings, program, theirs, excluded).run()
            else:
                execute_zygote(settings, program, theirs)

        self.supervisor.fork_helper(become_zygote)
        theirs.close()
        self.loading = ours
        self.supervisor.watch(ours, lambda: self.hear(ours))

    def hear(self, channel):
        try:
            data = channel.recv(1 << 20, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return  # A fork that was asked for meanwhile has read it.
        except ConnectionResetError:
            data = b""  # The zygote ended before it read what it was asked for.
        if data:
            self.take(channel, json.loads(data))
            return
        self.supervisor.unwatch(channel)
        if channel is self.zygote:
            self.zygote = None
        elif channel is self.loading:
            self.loading, self.outdated = None, False
            self.rounds += 1
            if self.rounds < ROUNDS:
                self.load()
            else:
                modules = ", ".join("%s %s" % item for item in self.excluded.items())
                sys.stderr.write(
                    "live-reload: restarts take longer, since no process can be forked with the "
                    "installed packages: %s\n" % (modules or "it ends")
                )

    def take(self, channel, message):
        if message["is"] == "excluded":
            self.excluded.update(message["modules"])
        elif message["is"] == "ready":
            if self.zygote:
                self.zygote.shutdown(socket.SHUT_WR)
            self.zygote, self.loading, self.rounds = channel, None, 0
            if self.outdated:
                self.forget()
                self.look()
        elif message["is"] == "ended":
            self.supervisor.note_end_of(message["number"], message["status"])

    def fork(self, request):
        """Return the pid of a new process, or None if there is no zygote."""
        channel = self.zygote
        if channel is None:
            return None
        try:
            channel.send(json.dumps(request).encode())
            while True:
                data = channel.recv(1 << 20)
                if not data:
                    return None
                message = json.loads(data)
                if message["is"] == "forked":
                    return message["pid"]
                if message["is"] == "ended" and message["number"] == request["number"]:
                    return None  # Killed before it could say that it is there.
                self.supervisor.later(0, lambda message=message: self.take(channel, message))
        except OSError:
            return None


def execute_zygote(settings, program, channel):
    """Become a zygote of another interpreter, which is told the rest by its channel."""
    program.enter()
    channel.set_inheritable(True)
    lifeline = settings.lifeline.reader
    os.set_inheritable(lifeline, True)
    served = ["--port", str(settings.port)] if settings.port else []
    descriptors = ["--channel", str(channel.fileno()), "--lifeline", str(lifeline)]
    execute(agent_by(program.executable, program.command) + ["zygote"] + descriptors + served + ["--"])
