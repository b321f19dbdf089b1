"""What a program does with its port is told to the agent, and waits for it where it has to."""

import errno
import json
import os
import socket
import sys
import time

SECONDS_UNTIL_FREE = 10


def ask_agent(path, message):
    """Send a message to the agent and wait for its answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(json.dumps(message).encode() + b"\n")
        connection.recv(64)


class Port:
    """Replaces bind and listen of sockets in this process, for the port of the program.

    The process before this one listens until this one does, so that no request is refused: both
    share the port for that moment.
    """

    def __init__(self, port, agent, number, load, at_port):
        """`load` is called before the port is bound, and `at_port` when no other process has it any more.

        `at_port` returns whether an editor can attach. Requests wait for it, and are not refused.
        """
        self.load = load
        self.at_port = at_port
        self.port = port
        self.agent = agent
        self.number = number
        self.loaded = False
        self.told = False

    def watch(self):
        # Servers create their sockets by this class, asyncio, Twisted and uvloop as well.
        bind, listen = socket.socket.bind, socket.socket.listen
        port = self

        def bind_and_share(self, address):
            if not port.is_address(address):
                return bind(self, address)
            return port.bind(self, lambda: bind(self, address))

        def listen_and_tell(self, *backlog):
            listen(self, *backlog)
            if not port.told and port.loaded and port.is_address(self.getsockname()):
                port.take()

        socket.socket.bind = bind_and_share
        socket.socket.listen = listen_and_tell

    def is_address(self, address):
        return isinstance(address, tuple) and len(address) > 1 and address[1] == self.port

    def bind(self, bound, bind):
        if not self.loaded:
            self.loaded = True
            self.load()
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        except OSError:
            pass  # It is no socket of TCP's.
        try:
            bind()
            if listens_elsewhere():
                self.take()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            # What is there does not share its port, such as a page of the agent.
            self.bind_when_free(bind)

    def bind_when_free(self, bind):
        self.tell("bind")
        until = time.monotonic() + SECONDS_UNTIL_FREE
        while True:
            try:
                bind()
                self.take()
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                    raise
            time.sleep(0.003)

    def take(self):
        """Let the process before this one end, and what follows begin."""
        if not self.told:
            self.told = True
            self.tell("bind")
            self.tell("bound", debugged=self.at_port())

    def tell(self, what, **more):
        ask_agent(self.agent, dict(more, do=what, start=self.number))


def listens_elsewhere():
    """Whether a socket that is bound now is listened to without Python's knowledge, as uvloop does."""
    asyncio = sys.modules.get("asyncio")
    loop = asyncio and asyncio._get_running_loop()
    return type(loop).__module__.startswith("uvloop")


def listening_sockets(port):
    """Return the sockets of this network namespace that listen on a TCP port, as the kernel numbers them."""
    wanted, found = "%04X" % port, set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.path.exists(table):
            continue
        with open(table) as lines:
            for line in lines:
                fields = line.split()
                if fields[3] == "0A" and fields[1].rpartition(":")[2] == wanted:
                    found.add(fields[9])
    return found
