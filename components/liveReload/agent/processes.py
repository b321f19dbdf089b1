"""Processes of the agent: how they begin, and how each of them ends."""

import fcntl
import os
import signal
import sys
import time

SHELLS = ("sh", "dash", "bash", "ash", "busybox", "ksh", "zsh")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)


class Become(BaseException):
    """Raised in a process that was just forked, with what it does in place of its parent's work.

    It unwinds to the entry point, so that nothing of the parent is left on the stack.
    """

    def __init__(self, task):
        super().__init__()
        self.task = task


class Lifeline:
    """Lets the kernel end each child with its group when the agent ends, also when it is killed.

    Only the agent holds the writing end of a pipe. When that is closed, the kernel signals the
    owner of each reading end that asked for it, which needs nothing of a child but that it keeps
    that end.
    """

    def __init__(self, reader=None):
        """`reader` is the reading end, in a process that the agent executed another interpreter in."""
        if reader is None:
            self.reader, self.writer = os.pipe()
        else:
            self.reader, self.writer = reader, None
        self.own = None

    def hold(self):
        """In a child: become the leader of a group that ends with the agent."""
        os.setpgid(0, 0)
        if self.writer is not None:
            os.close(self.writer)
            self.writer = None
        if self.own is not None:
            os.close(self.own)
        # Opened anew, since an owner belongs to an open file and not to a descriptor.
        path = "/proc/self/fd/%d" % self.reader
        try:
            self.own = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            fcntl.fcntl(self.own, fcntl.F_SETOWN, -os.getpid())
            fcntl.fcntl(self.own, fcntl.F_SETSIG, signal.SIGKILL)
            fcntl.fcntl(self.own, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
            if os.read(self.own, 1) == b"":
                os._exit(1)  # The agent ended in the meantime.
        except BlockingIOError:
            # A program that is executed in place of this process ends with the agent, too.
            os.set_inheritable(self.own, True)
        except OSError:
            pass


class Signals:
    """The signals that a process waits for in its loop, by a descriptor to read from."""

    def __init__(self, handled=HANDLED):
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        os.set_blocking(self.writer, False)
        self.before = {number: signal.getsignal(number) for number in handled}
        try:
            self.wakeup = signal.set_wakeup_fd(self.writer, warn_on_full_buffer=False)
        except TypeError:  # Python 3.6 does not know it.
            self.wakeup = signal.set_wakeup_fd(self.writer)
        for number in handled:
            signal.signal(number, lambda *args: None)

    def read(self):
        """Return the numbers that came since the last call."""
        try:
            return set(os.read(self.reader, 4096))
        except BlockingIOError:
            return set()

    def release(self):
        """In a child: put back what was before."""
        signal.set_wakeup_fd(-1)
        for number, handler in self.before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        os.close(self.reader)
        os.close(self.writer)


def send_signal(send, pid, number):
    try:
        send(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def execute(words):
    """Run a program in place of this process."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)  # Python ignores them.
    try:
        os.execvp(words[0], words)
    except OSError as error:
        sys.stderr.write("%s: %s\n" % (words[0], error.strerror))
        sys.stderr.flush()
        os._exit(127 if isinstance(error, FileNotFoundError) else 126)


class Stat:
    """What the kernel says of a process: its state, parent, group and the time it has worked."""

    def __init__(self, pid):
        with open("/proc/%d/stat" % pid) as stat:
            # The name before these may have any character in it.
            fields = stat.read().rpartition(")")[2].split()
        self.state = fields[0]
        self.parent, self.group = int(fields[1]), int(fields[2])
        self.ticks = int(fields[11]) + int(fields[12])


def group_members(group):
    """Return the processes that run in a group or descend from its leader, by their ids.

    Inits such as tini and dumb-init give what they start a group of its own. A process that only
    waits for its parent is none of them.
    """
    stats = {}
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            stat = Stat(pid)
        except OSError:
            continue
        stats[pid] = stat
    return {
        pid: stat
        for pid, stat in stats.items()
        if stat.state != "Z" and (stat.group == group or group in led_to(stats, pid))
    }


def group_runs(group):
    """Whether a process of the group runs; one that ended may wait for its parent a while."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return bool(group_members(group))


def led_to(members, pid):
    """Return the processes of a group that led to one of them, and that one."""
    found = set()
    while pid in members:
        found.add(pid)
        pid = members[pid].parent
    return found


def is_shell(pid):
    try:
        return os.path.basename(os.readlink("/proc/%d/exe" % pid)) in SHELLS
    except OSError:
        return False


def begins_alone(leader, pid):
    """Whether a process that a script has just come to is the only one beside those that led to it."""
    members = group_members(leader)
    return set(members) == led_to(members, pid)


def runs_alone(leader, pid):
    """Whether nothing else runs in a group than a process, what led to it, and what it started."""
    members = group_members(leader)
    leading = led_to(members, pid)
    return all(member in leading or pid in led_to(members, member) for member in members)


class Work:
    """What a group of processes does until it rests, such as a worker that waits for tasks."""

    # A look that finds it waiting by chance is followed by others that do not.
    LOOKS = 3

    def __init__(self, group):
        self.group = group
        # Without those in which it would have worked, and others had the processor.
        self.seconds = 0
        self.begun = self.looked = self.worked = time.monotonic()
        self.ticks = {}
        self.looks = 0

    def look(self):
        """To be called every 50 ms for `rests` and `seconds`, and as often as one likes for `idle`."""
        before, self.looked = self.looked, time.monotonic()
        members = group_members(self.group)
        ticks = {pid: stat.ticks for pid, stat in members.items()}
        waits = ticks == self.ticks and all(stat.state not in "RD" for stat in members.values())
        self.looks = self.looks + 1 if waits else 0
        self.worked = self.worked if waits else self.looked
        elapsed = self.looked - before
        if any(stat.state == "R" for stat in members.values()):
            worked = sum(now - self.ticks.get(pid, 0) for pid, now in ticks.items())
            elapsed = min(elapsed, worked / TICKS_PER_SECOND)
        self.seconds += elapsed
        self.ticks = ticks

    @property
    def rests(self):
        return self.looks >= self.LOOKS

    @property
    def idle(self):
        return self.looked - self.worked

    @property
    def age(self):
        return self.looked - self.begun


class Process:
    """A process that leads its own group, which the agent or its zygote forked."""

    def __init__(self, number, pid):
        self.number = number
        self.pid = pid
        self.status = None
        self.failure = None
        # It asked for its port, and has it.
        self.asked = False
        self.bound = False
        self.sockets = set()
        # When an editor is to be able to attach, and whether one can to what listens on the port.
        self.debugged = None
        self.attachable = False
        # The process that runs as the Python program; a script leads to it, or to none.
        self.program = None
        self.scripted = False
        self.alone = True

    @property
    def ended(self):
        return self.status is not None

    @property
    def gone(self):
        """Whether it has ended and left no other process of its group."""
        return self.ended and not group_runs(self.pid)

    @property
    def leads(self):
        """Whether the program runs that a script has led to, and waits for."""
        return self.program not in (None, self.pid) and self.program in group_members(self.pid)

    def terminate(self):
        """Ask the program to end: it knows how its workers end, and what waits for it ends then.

        A shell, which would go on with its next command, is asked, too.
        """
        leads = self.leads
        if leads:
            send_signal(os.kill, self.program, signal.SIGTERM)
        if not leads or is_shell(self.pid):
            self.signal(signal.SIGTERM)

    def kill(self):
        members = group_members(self.pid)
        self.signal_group(signal.SIGKILL)
        self.signal(signal.SIGKILL)  # It may not lead its group yet.
        for pid, stat in members.items():
            if stat.group != self.pid:
                send_signal(os.kill, pid, signal.SIGKILL)

    def signal(self, number):
        if not self.ended:
            send_signal(os.kill, self.pid, number)

    def signal_group(self, number):
        send_signal(os.killpg, self.pid, number)

    @property
    def exit_code(self):
        """The exit code, as a shell has it."""
        if os.WIFSIGNALED(self.status):
            return 128 + os.WTERMSIG(self.status)
        return os.WEXITSTATUS(self.status)

    def why_ended(self):
        if self.failure:
            return self.failure
        if os.WIFSIGNALED(self.status):
            return "ended by %s" % signal.Signals(os.WTERMSIG(self.status)).name
        return "ended with exit code %d" % self.exit_code
