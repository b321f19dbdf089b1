"""The page that is shown while the program does not run."""

import errno
import socket
import sys
import time

from port import SECONDS_UNTIL_FREE

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>%(title)s</title>
<style>body { font-family: sans-serif; margin: 2em } pre { white-space: pre-wrap }</style></head>
<body><h1>%(title)s</h1>
<p>This page goes away with the next change that starts.</p>
<pre>%(failure)s</pre></body>
</html>
"""


def failure_page(failure):
    """Return the whole HTTP response."""
    for char, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        failure = failure.replace(char, name)
    body = PAGE % {"title": "The project does not start", "failure": failure}
    content = body.encode("utf-8", "replace")
    head = (
        "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Length: %d\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" % len(content)
    )
    return head.encode() + content


def serve_page(port, failure):
    """Answer every request with the failure, until this process is ended."""
    import socketserver

    response = failure_page(failure)

    class Handler(socketserver.StreamRequestHandler):
        timeout = 10

        def handle(self):
            try:
                while self.rfile.readline(65536).strip():
                    pass
                self.wfile.write(response)
                # A body that is not read would reset the connection before the answer is read.
                self.connection.shutdown(socket.SHUT_WR)
                while self.connection.recv(65536):
                    pass
            except OSError:
                pass

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        request_queue_size = 64

    until = time.monotonic() + SECONDS_UNTIL_FREE
    while True:
        try:
            server = Server(("0.0.0.0", port), Handler)
            break
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                sys.exit("live-reload: port %d cannot be listened on: %s" % (port, error.strerror))
        time.sleep(0.01)
    server.serve_forever()
