"""Lets an editor attach to the program."""

import os
import signal
import sys
import time

ADDRESS = ("127.0.0.1", 5678)
# Before the program is loaded, or once it listens on its port: requests wait from then on until an editor can attach.
AT_BEGIN, AT_PORT = "begin", "port"
SECONDS_TO_LISTEN = 5
SECONDS_FOR_CLIENT = 0.3


class Debugger:
    """Listens for an editor in the process of a start, at one of the two moments or not at all."""

    def __init__(self, moment, recorder):
        """`moment` is `AT_BEGIN`, `AT_PORT` or None; `recorder` must not see what the debugger imports."""
        self.moment = moment
        self.recorder = recorder
        self.process = os.getpid()

    def begin(self):
        if self.moment:
            # Python's own modules are frozen, which no breakpoint in a project notices.
            os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
            # Now, so that requests wait less for it at the port.
            import debugpy.server.api  # noqa: F401
        if self.moment == AT_BEGIN:
            listen()

    def at_port(self):
        """Listen if this is the moment, and return whether an editor can attach."""
        if self.moment == AT_PORT:
            # A process that was forked from the program's would take the debugger from the others.
            if os.getpid() != self.process:
                return False
            finders = sys.meta_path[:]
            sys.meta_path[:] = [finder for finder in finders if finder is not self.recorder]
            try:
                listen()
            finally:
                sys.meta_path[:] = finders
        return self.moment is not None


def listen():
    import debugpy

    begin = time.monotonic()
    while True:
        try:
            debugpy.listen(ADDRESS)
            return
        except (OSError, RuntimeError):
            # The adapter of the process before this one lives until its client lets go.
            elapsed = time.monotonic() - begin
            if elapsed > SECONDS_TO_LISTEN:
                raise
            if elapsed > SECONDS_FOR_CLIENT:
                end_adapter()
        time.sleep(0.05)


def end_adapter():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as line:
                words = line.read().decode("utf-8", "replace").split("\0")
            if words[1:3] and words[1].endswith("debugpy/adapter") and str(ADDRESS[1]) in words:
                os.kill(int(pid), signal.SIGKILL)
        except OSError:
            pass
