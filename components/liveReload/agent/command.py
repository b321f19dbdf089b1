"""What the container runs, read from its command line.

A Python program is run in a process that is forked and has Python loaded already. Anything else is
started as it is; `script.py` finds the Python program that it leads to.
"""

import os
import sys

FLAGS = set("bBdEIOPqRsSuv")
FLAGS_WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")
SERVERS = ("gunicorn", "uvicorn", "hypercorn", "daphne")
RUNSERVER = ("runserver", "runserver_plus")
WORKERS = ("rq", "rqworker", "rqscheduler", "dramatiq", "arq", "huey_consumer", "huey_consumer.py")
CELERY = ("worker", "beat", "flower")
# Commands of manage.py that run until they are ended.
STAYING = RUNSERVER + (
    "qcluster",
    "rqworker",
    "rqscheduler",
    "run_huey",
    "rundramatiq",
    "runworker",
    "db_worker",
    "process_tasks",
)
MANAGE = ("manage.py", "django-admin", "django")


class Command:
    """A command line, and the Python program in it if it is one.

    `kind` is "file" or "module" for a Python program, whose path or name is `target`, and None for
    anything else. `interpreter` and `flags` are what the command line starts that program with.
    """

    def __init__(self, words, kind=None, target=None, arguments=(), interpreter=None, flags=()):
        self.words = list(words)
        self.kind = kind
        self.target = target
        self.arguments = list(arguments)
        self.interpreter = interpreter
        self.flags = list(flags)

    @property
    def in_process(self):
        return self.kind is not None

    def needs_other_interpreter(self):
        """Whether this process is not what the command line would have started."""
        if not self.in_process:
            return False
        folder = os.path.dirname(os.path.abspath(self.interpreter))
        return bool(self.flags) or folder != os.path.dirname(sys.executable)

    def stays(self):
        """Whether this is known to run until it is ended, and to lead to no other program."""
        if not self.in_process:
            return False
        name = os.path.basename(self.target)
        if name in MANAGE:
            return self.arguments[:1] and self.arguments[0] in STAYING
        if name == "celery":
            return any(word in CELERY for word in self.arguments)
        return name in SERVERS or name in WORKERS


def read_command(words, environ):
    """Return the `Command` for the words of a command line; never an error."""
    path = find_program(words[0], environ)
    if path is None:
        return Command(words)
    command = python_command(words, path) if is_python(path) else script_command(words, path, environ)
    if command.in_process:
        command.arguments = without_reloader(command.target, command.arguments)
    return command


def find_program(name, environ):
    """Return the path of a program as execvp finds it, or None."""
    if "/" in name:
        return name if os.access(name, os.X_OK) else None
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    return None


def is_python(path):
    name = os.path.basename(path)
    return name.startswith("python") and set(name[len("python") :]) <= set("0123456789.")


def python_command(words, interpreter):
    flags = []
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        if word in FLAGS_WITH_VALUE and rest:
            flags += [word, rest.pop(0)]
        elif word == "-m" and rest:
            return Command(words, "module", rest[0], rest[1:], interpreter, flags)
        elif word[:2] in ("-W", "-X") or (word[:1] == "-" and word[1:] and set(word[1:]) <= FLAGS):
            flags.append(word)
        elif word.startswith("-") or not os.path.isfile(word):
            break
        else:
            return Command(words, "file", word, rest, interpreter, flags)
    return Command(words)


def script_command(words, path, environ):
    """Read a script that an installer made for a Python package, such as gunicorn."""
    try:
        with open(path, "rb") as script:
            head = script.read(2048).decode("utf-8", "replace").split("\n")
    except OSError:
        return Command(words)
    if not head[0].startswith("#!"):
        return Command(words)
    interpreter = head[0][2:].split()
    if len(head) > 1 and head[1].startswith("'''exec' "):
        # A path that is too long or has a space in it: the script is one of sh's and of Python's.
        quoted = head[1][len("'''exec' ") :]
        interpreter = [quoted.split('"')[1] if quoted.startswith('"') else quoted.split()[0]]
    elif interpreter and os.path.basename(interpreter[0]) == "env":
        interpreter = [word for word in interpreter[1:] if word != "-S"]
    if not interpreter or not is_python(interpreter[0]):
        return Command(words)
    found = find_program(interpreter[0], environ)
    if found is None:
        return Command(words)
    return python_command(interpreter + [path] + words[1:], found)


def without_reloader(target, arguments):
    """Return the arguments without the reloader of the server itself: it would run beside ours."""
    name = os.path.basename(target)
    if name in SERVERS:
        return [word for word in arguments if word != "--reload"]
    if arguments and arguments[0] in RUNSERVER and "--noreload" not in arguments:
        return [arguments[0], "--noreload"] + arguments[1:]
    return arguments


def gunicorn_environment(command, environ):
    """Return the environment with which gunicorn loads the project before it listens.

    A project that cannot be imported then fails before the old one has to go. Workers of gevent and
    eventlet have to load the project themselves, after they replaced the modules of the standard
    library.
    """
    if not command.in_process or os.path.basename(command.target) != "gunicorn":
        return {}  # What a script leads to has variables of its own.
    given = environ.get("GUNICORN_CMD_ARGS", "").split()
    given = [word for word in given if word != "--reload"]
    config = next(iter(after(command.arguments, ("-c", "--config"))), "gunicorn.conf.py")
    said = " ".join(command.arguments + given)
    try:
        with open(config, encoding="utf-8") as text:
            said += text.read()
    except (OSError, ValueError):
        pass
    if "gevent" not in said and "eventlet" not in said and "--preload" not in given:
        given.append("--preload")
    return {"GUNICORN_CMD_ARGS": " ".join(given)} if given else {}


def after(arguments, options):
    """Yield each value of an option, in either form."""
    for word, value in zip(arguments, arguments[1:] + [""]):
        if word in options:
            yield value
        elif word.startswith(options[-1] + "="):
            yield word.split("=", 1)[1]
