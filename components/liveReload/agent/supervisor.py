"""The process of the container: it keeps one program running, and restarts it when it is asked to."""

import json
import os
import selectors
import signal
import socket
import sys
import time

from debugger import AT_BEGIN, AT_PORT
from page import serve_page
from port import listening_sockets
from preloader import Preloader
from processes import (
    HANDLED,
    Become,
    Lifeline,
    Process,
    Signals,
    Work,
    begins_alone,
    execute,
    runs_alone,
)
from program import run_program
from script import (
    agent_by,
    follow_executed,
    install_hook,
    own_interpreter,
    program_arguments,
    script_environment,
)
from settings import Program

# A program that does not listen after so long is given up once it does nothing any more, or in the end.
SECONDS_TO_LISTEN = 30
SECONDS_WITHOUT_WORK = 10
SECONDS_TO_LISTEN_AT_MOST = 120
SECONDS_BETWEEN_LOOKS = 1
# How long a server may take to end its requests once the next one is ready.
SECONDS_TO_CLOSE = 0.3
# A program without a port runs when it has not ended by then and has come to rest, or is as busy as ever. What others
# have the processor for does not count, up to the time that a server has to listen: the kernel counts little of short
# programs, and of those that a limit slows down.
SECONDS_TO_RUN = 0.3
SECONDS_TO_REST = 5
SECONDS_TO_PRELOAD = 2
SECONDS_TO_SEND = 1
NOT_DEBUGGED = "only a Python program that listens on a port can be debugged"


class Peer:
    """A connection of a sync, or of the program."""

    def __init__(self, connection):
        self.connection = connection
        # A sync whose developer's machine is asleep must not hold up the agent.
        connection.settimeout(SECONDS_TO_SEND)
        self.data = b""

    def send(self, message):
        try:
            self.connection.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            pass  # It went away; its successor opens everything anew.

    def messages(self):
        """Return what came, or None at its end."""
        try:
            data = self.connection.recv(65536)
        except OSError:
            data = b""
        if not data:
            return None
        *lines, self.data = (self.data + data).split(b"\n")
        return [json.loads(line) for line in lines]


class Supervisor:
    """Which process runs, which one is to follow it, and what leads from one to the other."""

    def __init__(self, settings):
        self.settings = settings
        self.started = 0
        self.processes = {}
        # The one that serves, the one that is to follow it, and what is shown without either.
        self.current = None
        self.starting = None
        self.page = None
        # The process that has to end before the next start.
        self.ending = None
        # What the process before the current one may still listen to.
        self.closing = set()
        # Whether the program asks before it binds its port; None as long as that is not known.
        self.hooked = None
        self.failed = False
        # Who is told what becomes of this start, and of the one after it.
        self.waiting = []
        self.waiting_longer = []
        self.again = False
        # Whether the command itself has to run, and which of Django's commands it ran as a script.
        self.whole = settings.program is None
        self.ran = set()
        # Whether the command runs something else beside the program.
        self.accompanied = False
        self.client = None
        self.debugger = False
        # Whether an editor has to attach before the program is loaded, as it is not the program itself that listens.
        self.early = False
        self.stopping = False
        self.timers = []
        self.preloader = Preloader(self)

    # The loop.

    def run(self):
        settings = self.settings
        install_hook(settings.path("hook"))
        settings.lifeline = Lifeline()
        self.signals = Signals()
        self.listener = socket.socket(socket.AF_UNIX)
        path = settings.path("socket")
        if os.path.lexists(path):
            os.unlink(path)
        self.listener.bind(path)
        self.listener.listen(64)
        self.selector = selectors.DefaultSelector()
        self.watch(self.signals.reader, self.handle_signals)
        self.watch(self.listener, self.accept)
        self.begin()
        self.later(SECONDS_TO_PRELOAD, self.preloader.look)
        while True:
            now = time.monotonic()
            wait = min((at for at, _ in self.timers), default=None)
            for key, _ in self.selector.select(None if wait is None else max(0, wait - now)):
                key.data()
            now = time.monotonic()
            due = [do for at, do in self.timers if at <= now]
            self.timers = [timer for timer in self.timers if timer[0] > now]
            for do in due:
                do()

    def watch(self, file, do):
        self.selector.register(file, selectors.EVENT_READ, do)

    def unwatch(self, file):
        self.selector.unregister(file)
        file.close()

    def later(self, seconds, do):
        self.timers.append((time.monotonic() + seconds, do))

    def release(self):
        """In a child: close what is the agent's."""
        for key in list(self.selector.get_map().values()):
            if key.fileobj is not self.signals.reader:
                key.fileobj.close()
        self.selector.close()
        self.signals.release()
        self.settings.lifeline.hold()

    def handle_signals(self):
        numbers = self.signals.read()
        if signal.SIGTERM in numbers or signal.SIGINT in numbers:
            self.stop_all()
        self.reap()

    def reap(self):
        """Take note of every process that ended, also of orphans where this is process 1."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.note_end(pid, status)

    def note_end_of(self, number, status):
        """Take note of the end of a start that the zygote forked."""
        process = self.find(number)
        if process:
            self.note_end(process.pid, status)

    def find(self, number):
        """Return the process of a start, or None if it has ended."""
        return next((each for each in self.processes.values() if each.number == number), None)

    def note_end(self, pid, status):
        process = self.processes.pop(pid, None)
        if process is None or process.ended:
            return
        process.status = status
        if self.stopping:
            if process is self.stopping:
                self.exit_when_gone()
        elif process is self.starting:
            self.fail(process.why_ended())
        elif process is self.current:
            self.lose(process)

    def exit_when_gone(self):
        """A script that ended may leave its program, which has the rest of the time."""
        if not self.stopping.leads:
            sys.exit(self.stopping.exit_code)
        self.later(0.02, self.exit_when_gone)

    # Messages.

    def accept(self):
        peer = Peer(self.listener.accept()[0])
        self.watch(peer.connection, lambda: self.hear(peer))

    def hear(self, peer):
        messages = peer.messages()
        for message in messages or []:
            getattr(self, "do_" + message["do"])(peer, message)
        if messages is None:
            self.unwatch(peer.connection)
            if peer is self.client:
                self.client = None

    def do_sync(self, peer, message):
        """A developer's machine opened a stream: it takes the place of the one before."""
        if self.client:
            self.client.send({"is": "superseded"})
        self.client = peer
        debugger = message["debugger"]
        if debugger and not self.can_debug(peer):
            debugger = False
        if debugger != self.debugger:
            self.debugger, self.early = debugger, False
            self.restart()

    def can_debug(self, peer):
        import importlib.util

        if not self.settings.port:
            reason = NOT_DEBUGGED
        elif importlib.util.find_spec("debugpy") is None:
            reason = "debugpy is not installed in the image"
        else:
            return True
        peer.send({"is": "error", "reason": reason})
        return False

    def do_restart(self, peer, message):
        if self.cannot_stop():
            self.waiting_longer.append((peer, message["id"]))
        else:
            self.waiting.append((peer, message["id"]))
        if "other" in message["kinds"] or self.scripted(message["kinds"]):
            self.whole = True
            self.accompanied = False
        self.restart()

    def scripted(self, kinds):
        """Whether a change is of what the script does before it comes to its program."""
        migrates = "migration" in kinds and "migrate" in self.ran
        return migrates or ("static" in kinds and "collectstatic" in self.ran)

    def do_nothing(self, peer, message):
        if self.scripted(message["kinds"]):
            self.do_restart(peer, message)
        else:
            peer.send({"is": "changed", "id": message["id"], "what": "nothing"})

    def do_templates(self, peer, message):
        runs = self.current and not self.current.ended and not self.failed
        names = self.settings.record.read()[0]
        reads = runs and self.current.program and "jinja2" not in names
        if not reads or self.scripted(message["kinds"]):
            self.do_restart(peer, message)
            return
        self.settings.templates.add()
        peer.send({"is": "changed", "id": message["id"], "what": "reset"})

    def do_ran(self, peer, message):
        """A script ran a Python program, and goes on after it."""
        self.ran.update(message["words"])
        peer.send({})

    def do_program(self, peer, message):
        """A start has come to a Python program, which can be started without what led to it."""
        process = self.find(message["start"])
        if process:
            process.program = message["pid"]
            process.alone = begins_alone(process.pid, process.program)
            self.whole = self.accompanied or not process.alone
            self.know(message)
        peer.send({})

    def know(self, message):
        program = Program.of_message(message["program"])
        program.forks = message["interpreter"] == own_interpreter()
        if program != self.settings.program:
            self.settings.program = program
            self.preloader.forget()
            self.later(SECONDS_TO_PRELOAD, self.preloader.look)

    def do_bind(self, peer, message):
        """The program listens on its port, or cannot yet: what else does has to go."""
        process = self.find(message["start"])
        if process is None:
            return
        if process is self.starting:
            process.asked = True
            if self.current:
                self.closing = self.current.sockets
                self.end(self.current, SECONDS_TO_CLOSE)
                self.current = None
            self.drop_page()
        elif process not in (self.current, self.ending):
            return  # It is killed in this moment, and must not take the port.
        # The others were seen to listen before they told so, and serve nothing while they wait for an answer.
        self.hooked = True
        peer.send({})

    def do_bound(self, peer, message):
        peer.send({})
        starting = self.starting
        if starting and starting.number == message["start"]:
            starting.bound = True
            starting.attachable = message["debugged"]
            self.poll(starting)

    def do_failed(self, peer, message):
        process = self.find(message["start"])
        if process:
            process.failure = process.failure or message["failure"]
        peer.send({})

    # Starts.

    def restart(self):
        if self.ending or self.stopping:
            return  # What starts afterwards has the newest files.
        if self.cannot_stop():
            if not (self.waiting or self.again):
                # Nobody waited for it until now.
                self.look_at_work(self.starting, Work(self.starting.pid))
            self.again = True
            return
        port = self.settings.port
        if self.starting:
            if not port or (self.started == 1 and self.listens(self.starting)):
                # It works by now, and ends as one that does.
                self.current, self.starting = self.starting, None
            else:
                self.starting.kill()
                self.starting = None
                if port and not self.hooked:
                    # What is killed may listen until it is gone.
                    self.closing = listening_sockets(port)
        alone = self.current is None or self.is_the_program(self.current)
        self.accompanied = self.accompanied or not alone
        self.whole = self.whole or not alone
        if self.current is None or (alone and port and self.hooked and not self.early):
            self.begin()
            return
        self.ending, self.current = self.current, None
        self.end(self.ending, SECONDS_TO_CLOSE if port else self.settings.grace, self.begin)

    def is_the_program(self, process):
        """Whether a start is the program, and, where a script led to it, all that the script runs by now."""
        if not process.scripted:
            return True
        return bool(process.program) and process.alone and runs_alone(process.pid, process.program)

    def cannot_stop(self):
        """Whether a start takes the port in this moment, so that nobody would listen without it."""
        return bool(self.starting and self.starting.asked)

    def listens(self, process):
        """Whether it is this process that listens on the port, as far as is known."""
        sockets = listening_sockets(self.settings.port)
        if (self.hooked and not process.bound) or not sockets or sockets & self.closing:
            return False
        process.sockets = sockets
        # Whatever does not ask before it binds, does not bind by Python's sockets.
        self.hooked = process.bound
        return True

    def begin(self):
        """Start the program; what follows depends on its port."""
        self.ending = None
        if not self.hooked or self.early:
            self.drop_page()
        self.starting = starting = self.launch()
        if not self.settings.port:
            self.rest(starting, Work(starting.pid))
            return
        if self.waiting:
            work = Work(starting.pid)
            self.later(SECONDS_BETWEEN_LOOKS, lambda: self.look_at_work(starting, work))
        if (self.waiting or self.debugger) and not self.hooked:
            self.poll(starting)

    def rest(self, starting, work):
        """Wait until a program without a port has loaded what it runs."""
        if starting is not self.starting:
            return
        work.look()
        is_busy = work.seconds > SECONDS_TO_REST or work.age > SECONDS_TO_LISTEN
        if is_busy or (work.rests and work.seconds > SECONDS_TO_RUN):
            self.succeed()
        else:
            self.later(0.05, lambda: self.rest(starting, work))

    def poll(self, starting):
        if starting is self.starting:
            if self.listens(starting):
                self.succeed()
            else:
                self.later(0.003, lambda: self.poll(starting))

    def look_at_work(self, starting, work):
        """Give up a start that will not come to its port: it may load what it needs, or wait for a processor."""
        if starting is not self.starting:
            return
        work.look()
        stands = work.age > SECONDS_TO_LISTEN and work.idle > SECONDS_WITHOUT_WORK
        if stands or work.age > SECONDS_TO_LISTEN_AT_MOST:
            starting.kill()
            self.fail("does not listen on port %d after %d seconds" % (self.settings.port, work.age))
        else:
            self.later(SECONDS_BETWEEN_LOOKS, lambda: self.look_at_work(starting, work))

    def succeed(self):
        self.current, self.starting = self.starting, None
        self.failed = False
        if self.debugger and self.current.program and self.current.debugged == AT_PORT and not self.current.attachable:
            self.early = True
            self.restart()
            return
        if self.settings.origin:
            self.whole = False
        if self.debugger and not self.current.program and self.client:
            self.client.send({"is": "error", "reason": NOT_DEBUGGED})
        self.answer({"what": "restarted"})
        self.later(0 if self.settings.port else SECONDS_TO_PRELOAD, self.preloader.look)
        self.go_on()

    def fail(self, failure):
        self.end_or_go_on(self.starting)
        self.starting = None
        self.failed = True
        self.answer({"what": "failed", "failure": failure})
        if self.current is None:
            self.show(failure)
        self.go_on()

    def go_on(self):
        """Start again for what came while a start could not be stopped any more."""
        if self.again:
            self.again = False
            self.waiting, self.waiting_longer = self.waiting_longer, []
            self.restart()

    def lose(self, process):
        """The program ended by itself after it had run."""
        self.end_or_go_on(process)
        self.current = None
        self.failed = True
        failure = process.why_ended()
        if self.client:
            code = process.exit_code
            self.client.send({"is": "ended", "exitCode": code, "failure": failure})
        if self.starting is None:
            self.show(failure)

    def end_or_go_on(self, process):
        """Before the first sync the container ends with its program, as it would without us."""
        process.signal_group(signal.SIGKILL)
        if process.ended and not self.settings.synced:
            sys.exit(process.exit_code)

    def answer(self, result):
        waiting, self.waiting = self.waiting, []
        for peer, number in waiting:
            peer.send(dict({"is": "changed", "id": number}, **result))

    # Processes.

    @property
    def debugged(self):
        """When an editor can attach to the next start; None for never."""
        if not self.debugger:
            return None
        return AT_BEGIN if self.early else AT_PORT

    def launch(self):
        """Start the program, from the zygote if there is one, or the whole command."""
        self.started += 1
        settings, number, debugged = self.settings, self.started, self.debugged
        program = settings.origin if self.whole else settings.program
        if program is None:
            process = self.fork(lambda: run_script(settings, number, debugged))
            process.scripted = True
            return process
        pid = program is settings.program and self.preloader.fork({"number": number, "debugged": debugged})
        if pid:
            process = self.keep(Process(number, pid))
        elif not program.forks:
            return self.fork(lambda: run_apart(settings, program, number, debugged))
        elif program is settings.origin and not settings.command.stays():
            process = self.fork(lambda: run_origin(settings, number, debugged))
            process.scripted = True
        else:
            process = self.fork(lambda: run_program(settings, program, number, debugged))
        process.program = process.pid
        return process

    def fork(self, task):
        return self.keep(Process(self.started, self.fork_helper(task)))

    def fork_helper(self, task):
        """Fork a process whose end nobody waits for, and return its pid."""
        # A signal that the child got before it released the agent's would be read as one for the agent.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
        pid = os.fork()
        if pid == 0:
            self.release()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if pid == 0:
            raise Become(task)
        return pid

    def keep(self, process):
        self.processes[process.pid] = process
        process.debugged = self.debugged
        return process

    def show(self, failure):
        self.drop_page()
        port = self.settings.port
        if port:
            self.page = self.fork(lambda: serve_page(port, failure))

    def drop_page(self):
        if self.page:
            self.page.kill()
            self.page = None

    def end(self, process, seconds, then=None):
        """Ask a process to end, end it after so many seconds, then go on."""
        process.terminate()
        begin = time.monotonic()
        # Whether what is left of it, once its leader or its program has ended, was asked to end.
        asked = process.leads and process.alone

        def look():
            nonlocal asked
            elapsed = time.monotonic() - begin
            if process.gone or elapsed > seconds + 1:
                if then and not self.stopping:
                    then()
                return
            if elapsed > seconds:
                process.kill()
            elif process.ended and not asked:
                asked = True
                process.signal_group(signal.SIGTERM)
            elif not process.ended and asked and not process.leads:
                asked = False
                process.signal(signal.SIGTERM)
            self.later(0.005 if elapsed < 1 else 0.05, look)

        look()

    def stop_all(self):
        """The pod ends: the program has the time that Kubernetes gives it, as without us."""
        running = self.current or self.starting or self.ending
        for process in (self.starting, self.page):
            if process and process is not running:
                process.kill()
        if running is None or running.ended:
            sys.exit(143)
        self.stopping = running
        running.terminate()


def run_origin(settings, number, debugged):
    """Run the command, a Python program that may execute another one in its place."""
    follow_executed(settings, number, debugged)
    run_program(settings, settings.origin, number, debugged)


def run_apart(settings, program, number, debugged):
    """Run a program by the interpreter that a script led to, which is not the agent's."""
    program.enter()
    arguments = program_arguments(program.command.words, settings.port, number, debugged)
    execute(agent_by(program.executable, program.command) + arguments)


def run_script(settings, number, debugged):
    os.environ.update(script_environment(os.environ, settings, number, debugged))
    execute(settings.command.words)
