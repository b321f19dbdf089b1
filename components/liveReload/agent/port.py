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
    """Replaces bind and listen of sockets in this process, for the port of the program."""

    def __init__(self, port, agent, number):
        self.port = port
        self.agent = agent
        self.number = number
        self.asked = False
        self.told = False

    def watch(self):
        # Servers create their sockets by this class, by asyncio's and Twisted's as well.
        self.bind = socket.socket.bind
        self.listen = socket.socket.listen
        port = self
        socket.socket.bind = lambda self, address: port.bind_when_free(self, address)
        socket.socket.listen = lambda self, *backlog: port.listen_and_tell(self, *backlog)

    def is_address(self, address):
        return isinstance(address, tuple) and len(address) > 1 and address[1] == self.port

    def bind_when_free(self, bound, address):
        if self.asked or not self.is_address(address):
            return self.bind(bound, address)
        self.asked = True
        ask_agent(self.agent, {"do": "bind", "start": self.number})
        # The process before this one closes its socket in its own time.
        until = time.monotonic() + SECONDS_UNTIL_FREE
        while True:
            try:
                return self.bind(bound, address)
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                    raise
            time.sleep(0.003)

    def listen_and_tell(self, listening, *backlog):
        result = self.listen(listening, *backlog)
        if not self.told and self.asked and self.is_address(listening.getsockname()):
            self.told = True
            ask_agent(self.agent, {"do": "listening", "start": self.number})
        return result


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
