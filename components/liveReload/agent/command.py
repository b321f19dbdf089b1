"""What the container runs, read from its command line.

A Python program is run in a process that is forked and has Python loaded already. Anything else is
started as it is.
"""

import os
import re
import sys

# $X, ${X} and ${X:-default}; no other expansion of the shell.
VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::-([^}$`\"'\\]*))?\})")
# Outside of quotes these make more of a line than one simple command.
SHELL_SYNTAX = set(";&|<>()*?[]{}~#!`\n")
FLAGS = set("bBdEIOPqRsSuv")
FLAGS_WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")
# What these do is gone with a shell of their own.
BUILTINS = ("cd", "export", "set", "source", ".", "umask", "ulimit", "unset", "alias", "trap")
SERVERS = ("gunicorn", "uvicorn", "hypercorn", "daphne")
RUNSERVER = ("runserver", "runserver_plus")


class Command:
    """A command line, and the Python program in it if it is one.

    `kind` is "file" or "module" for a Python program, whose path or name is `target`, and None for
    anything else. `interpreter` and `flags` are what the command line starts that program with.
    `before` is what a shell has to do first, such as a migration, or None.
    """

    def __init__(self, words, kind=None, target=None, arguments=(), interpreter=None, flags=()):
        self.words = list(words)
        self.kind = kind
        self.target = target
        self.arguments = list(arguments)
        self.interpreter = interpreter
        self.flags = list(flags)
        self.before = None

    @property
    def in_process(self):
        return self.kind is not None

    def needs_other_interpreter(self):
        """Whether this process is not what the command line would have started."""
        if not self.in_process:
            return False
        folder = os.path.dirname(os.path.abspath(self.interpreter))
        return bool(self.flags) or folder != os.path.dirname(sys.executable)


def read_command(words, environ):
    """Return the `Command` for the words of a command line; never an error."""
    simple, before = words, None
    if os.path.basename(words[0]) in ("sh", "bash", "dash", "ash") and len(words) == 3:
        if words[1] in ("-c", "-ec", "-ce"):
            before, last = split_chain(words[2], environ)
            simple = shell_words(last, environ) or words
            if simple[0] == "exec":
                simple = simple[1:] or words
    path = find_program(simple[0], environ)
    if path is None:
        return Command(words)
    if is_python(path):
        command = python_command(words, path, simple)
    else:
        command = script_command(words, path, simple, environ)
    if command.in_process:
        command.arguments = without_reloader(command.target, command.arguments)
        command.before = before
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


def python_command(words, interpreter, simple):
    flags = []
    rest = list(simple[1:])
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


def script_command(words, path, simple, environ):
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
    return python_command(words, found, interpreter + [path] + simple[1:])


def split_chain(text, environ):
    """Return what comes before the last && of a shell's line, or None, and what comes after it."""
    before, _, last = text.rpartition("&&")
    parts = [shell_words(part, environ) for part in before.split("&&")]
    if all(words and words[0] not in BUILTINS for words in parts):
        return before.strip(), last
    return None, text


def shell_words(text, environ):
    """Return the words of one simple shell command, or None if it is anything more."""
    words, word, quote, position = [], None, "", 0
    text = text.strip()
    while position < len(text):
        char = text[position]
        position += 1
        if quote == "'":
            quote, word = ("", word) if char == "'" else (quote, word + char)
        elif char == "$":
            match = VARIABLE.match(text, position - 1)
            if not match:
                return None
            position = match.end()
            value = environ.get(match[1] or match[2]) or match[3] or ""
            if quote:
                word += value
            elif value:
                # The shell splits what is not in quotes.
                parts = value.split()
                spaced = [value[:1].isspace(), value[-1:].isspace()]
                for index, part in enumerate(parts):
                    if word is not None and (index or spaced[0]):
                        words.append(word)
                        word = None
                    word = (word or "") + part
                if spaced[1] and word is not None:
                    words.append(word)
                    word = None
        elif char == "\\":
            following = text[position : position + 1]
            position += 1
            kept = "\\" if quote and following not in '$`"\\' else ""
            word = (word or "") + kept + following
        elif quote:
            if char == "`":
                return None
            quote, word = ("", word) if char == quote else (quote, word + char)
        elif char in "'\"":
            quote, word = char, word or ""
        elif char in SHELL_SYNTAX:
            return None
        elif char.isspace():
            if word is not None:
                words.append(word)
            word = None
        else:
            word = (word or "") + char
    if word is not None:
        words.append(word)
    if quote or not words or "=" in words[0]:
        return None
    return words


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
