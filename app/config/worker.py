"""
A gunicorn worker whose threads get a request once it has arrived.

gunicorn's own threads read from the client themselves: a few clients that send slowly,
or nothing, keep all of them busy, and the probes wait.
"""

import re
import selectors
import socket
import struct
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from gunicorn.workers.gthread import ThreadWorker

# Seconds without progress after which a thread gives a client up.
STALL_SECONDS = struct.pack("ll", 20, 0)

# Bytes of a request that are kept while it arrives. A larger body is read by a thread
# of its own kind.
LARGEST_HEAD = 32 * 1024
LARGEST_BODY = 64 * 1024

PROBE = re.compile(rb"(GET|HEAD) /(healthz|readyz)[ ?]")
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]+)[ \t]*\r\n", re.IGNORECASE)
STREAMED = re.compile(rb"\r\n(transfer-encoding|expect):", re.IGNORECASE)


class ArrivedRequestWorker(ThreadWorker):
    # Seconds that a client has to send a request.
    arrival_seconds = 10

    def init_process(self):
        # Probes and large bodies have threads of their own, which no others keep busy.
        # One that waits for a database must not keep another from answering.
        self.probes = ThreadPoolExecutor(max_workers=4)
        self.uploads = ThreadPoolExecutor(max_workers=self.cfg.threads)
        super().init_process()

    def enqueue_req(self, conn):
        """Give a connection to a thread, or wait in the main loop for its request."""
        conn.init()
        pool = self.pool_for(conn)
        if pool is None:
            self.wait_for_request(conn)
            return
        conn.deadline = None
        # From here on gunicorn does without time-outs.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, option, STALL_SECONDS)
        future = pool.submit(self.handle, conn)
        future.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    def pool_for(self, conn):
        """The threads that the next request is for; None while it has not arrived."""
        has_ended = not receive(conn)
        request = conn.parser.unreader.buf.getvalue().lstrip(b"\r\n")
        head, end, body = request.partition(b"\r\n\r\n")
        if not end:
            return self.tpool if has_ended or len(request) > LARGEST_HEAD else None
        if PROBE.match(head):
            return self.probes
        length = LENGTH.search(head + b"\r\n")
        size = int(length[1]) if length else 0
        if STREAMED.search(head) or size > LARGEST_BODY:
            return self.uploads
        return self.tpool if has_ended or len(body) >= size else None

    def wait_for_request(self, conn):
        if getattr(conn, "deadline", None) is None:
            conn.deadline = time.monotonic() + self.arrival_seconds
        conn.timeout = conn.deadline
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def murder_pending(self):
        # A client that sends byte by byte is put back at the end, out of order.
        in_order = sorted(self.pending_conns, key=lambda conn: conn.timeout)
        self.pending_conns = deque(in_order)
        super().murder_pending()
        if self.alive and self.nr_conns >= self.worker_connections:
            self.make_room()

    def make_room(self):
        """Close the longest idle client, which keeps the next one or a probe out."""
        idle = max(self.pending_conns, self.keepalived_conns, key=len)
        # Where all others are being answered, one that is idle may have just come.
        if len(idle) > 1:
            conn = min(idle, key=lambda conn: conn.timeout)
            idle.remove(conn)
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            conn.close()


def receive(conn):
    """Keep what a client has sent; return whether it may send more."""
    conn.sock.setblocking(False)
    try:
        data = conn.sock.recv(LARGEST_BODY)
    except BlockingIOError:
        return True
    except OSError:
        # The thread meets it again, and knows what to do.
        return False
    buffer = conn.parser.unreader.buf
    buffer.seek(0, 2)
    buffer.write(data)
    return data != b""
