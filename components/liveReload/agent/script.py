"""What a script leads to: it is run once, and afterwards the Python program that it ended in.

A script migrates, collects static files or sets variables, and then starts a server. Each Python
that it runs tells the agent so. The one that takes the place of the script, or is known to run until
it is ended, becomes the program that is started again at each save.
"""

import json
import os
import shutil
import sys

from command import read_command
from port import ask_agent
from settings import Program, state_folder

HERE = os.path.dirname(os.path.abspath(__file__))
AGENT = os.path.join(HERE, "agent.py")
VARIABLE = "LIVE_RELOAD_SCRIPT"
SEARCHED = "PYTHONPATH"
WRITES_NOTHING = "PYTHONDONTWRITEBYTECODE"
# Beginnings of variables that the interpreter and the C library read once, when they start.
READ_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "TZ", "MALLOC_", "GLIBC_TUNABLES")


def install_hook(folder):
    """Put the hook where a script's Pythons look for it."""
    os.makedirs(folder, exist_ok=True)
    shutil.copyfile(os.path.join(HERE, "hook.py"), os.path.join(folder, "sitecustomize.py"))


def script_environment(environ, settings, number, debugged):
    """Return the variables with which this process starts what may be a script."""
    given = {
        "agent": HERE,
        "start": number,
        "port": settings.port,
        "debugged": debugged,
        # The script is the process of this id, and so is what it executes in its own place.
        "leader": os.getpid(),
        "hook": settings.path("hook"),
        WRITES_NOTHING: environ.get(WRITES_NOTHING),
    }
    paths = [given["hook"]] + [path for path in [environ.get(SEARCHED)] if path]
    added = {
        VARIABLE: json.dumps(given),
        SEARCHED: os.pathsep.join(paths),
        # Bytecode of the image that an edit does not reach is removed; no new one is written.
        WRITES_NOTHING: "1",
    }
    return dict(environ, **added)


def follow_executed(settings, number, debugged):
    """Let a program that is executed in place of this process be found as what a script leads to."""
    execve, pid = os.execve, os.getpid()

    def follow(path, words, environ):
        if os.getpid() == pid:
            environ = script_environment(environ, settings, number, debugged)
        return execve(path, words, environ)

    os.execve = follow
    os.execv = lambda path, words: follow(path, words, os.environ)


def program_environment(environ):
    """Return the variables without what `script_environment` added."""
    environ = dict(environ)
    given = json.loads(environ.pop(VARIABLE, "null"))
    if given is None:
        return environ
    paths = environ.pop(SEARCHED, "").split(os.pathsep)
    left = [path for path in paths if path != given["hook"]]
    if left:
        environ[SEARCHED] = os.pathsep.join(left)
    environ.pop(WRITES_NOTHING, None)
    if given[WRITES_NOTHING] is not None:
        environ[WRITES_NOTHING] = given[WRITES_NOTHING]
    return environ


def own_words():
    with open("/proc/self/cmdline", "rb") as line:
        return [os.fsdecode(word) for word in line.read().split(b"\0")[:-1]]


def come_to_python(given):
    """In a Python of a script, before anything else is loaded: go on as the agent's, or return."""
    words = own_words()
    socket = os.path.join(state_folder(), "socket")
    command = read_command(words, os.environ)
    # Another user's process cannot be told apart from the agent's, and is not forked from it.
    if not command.in_process or command.target == AGENT or not os.access(socket, os.W_OK):
        return
    if os.getpid() != given["leader"] and not command.stays():
        ask_agent(socket, {"do": "ran", "start": given["start"], "words": command.arguments[:1]})
        return
    arguments = program_arguments(words, given["port"], given["start"], given["debugged"])
    agent = agent_by(sys.executable, command)
    os.execve(sys.executable, agent + arguments, program_environment(os.environ))


def agent_by(interpreter, command):
    """Return the words that start the agent by an interpreter, with the flags that a command gives it."""
    return [interpreter] + command.flags + [AGENT]


def program_arguments(words, port, number, debugged):
    """Return the agent's arguments for a process that runs a program as the start with a number."""
    served = ["--port", str(port)] if port else []
    attached = ["--debugged", debugged] if debugged else []
    return ["program", "--start", str(number)] + served + attached + ["--"] + words


def tell_program(settings, number):
    """In the process that a script led to: tell the agent how it can be started without the script."""
    mask = os.umask(0)
    os.umask(mask)
    program = Program(
        settings.command,
        settings.program.sys_path,
        program_environment(os.environ),
        os.getcwd(),
        mask,
        sys.executable,
    )
    message = {
        "do": "program",
        "start": number,
        "pid": os.getpid(),
        "program": program.as_message(),
        "interpreter": own_interpreter(),
    }
    ask_agent(settings.path("socket"), message)


def own_interpreter():
    """Return what has to be the same in two processes for one to be forked from the other."""
    words = own_words()
    flags = words[1 : words.index(AGENT)] if AGENT in words else []
    customize = getattr(sys.modules.get("sitecustomize"), "__file__", "")
    variables = {
        name: value
        for name, value in program_environment(os.environ).items()
        if name.startswith(READ_AT_START) and name not in (SEARCHED, WRITES_NOTHING)
    }
    return [os.path.dirname(sys.executable), flags, customize, variables]
