"""What a program does with its port is told to the agent, and waits for it where it has to."""

import errno
import json
import os
import socket
import time

SECONDS_UNTIL_FREE = 10


def ask_agent(path, message):
    """Send a message to the agent and wait for its answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(json.dumps(message).encode() + b"\n")
        connection.recv(64)


class Port:
    """Replaces bind of sockets in this process, for the port of the program."""

    def __init__(self, port, agent, number, load):
        """`load` is called before the port is asked for."""
        self.load = load
        self.port = port
        self.agent = agent
        self.number = number
        self.asked = False

    def watch(self):
        # Servers create their sockets by this class, asyncio, Twisted and uvloop as well. uvloop
        # does not listen by it.
        bind = socket.socket.bind
        port = self

        def bind_when_free(self, address):
            if port.asked or not port.is_address(address):
                return bind(self, address)
            return port.bind_when_free(lambda: bind(self, address))

        socket.socket.bind = bind_when_free

    def is_address(self, address):
        return isinstance(address, tuple) and len(address) > 1 and address[1] == self.port

    def bind_when_free(self, bind):
        self.asked = True
        self.load()
        self.tell("bind")
        # The process before this one closes its socket in its own time.
        until = time.monotonic() + SECONDS_UNTIL_FREE
        while True:
            try:
                bind()
                self.tell("bound")
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                    raise
            time.sleep(0.003)

    def tell(self, what):
        ask_agent(self.agent, {"do": what, "start": self.number})


def is_listening(port):
    """Whether any process of this network namespace listens on a TCP port."""
    wanted = "%04X" % port
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.path.exists(table):
            continue
        with open(table) as lines:
            for line in lines:
                fields = line.split()
                if fields[3] == "0A" and fields[1].rpartition(":")[2] == wanted:
                    return True
    return False
