"""What the agent was started with."""

import os
import sys

from command import Command
from imports import Project, Record
from templates import TemplateChanges

DEFAULT_STATE = "/run/live-reload-state"


def state_folder():
    return os.environ.get("LIVE_RELOAD_STATE") or DEFAULT_STATE


def roots():
    given = os.environ.get("LIVE_RELOAD_ROOTS") or os.getcwd()
    return [root for root in given.split(":") if root]


def python_path():
    """Return sys.path without the folder of the agent."""
    here = os.path.dirname(os.path.abspath(__file__))
    return [path for path in sys.path if os.path.abspath(path) != here]


class Program:
    """A Python program and what it is started with.

    `variables`, `folder`, `mask` and the interpreter's path in `executable` are what a script left it,
    and None where it has the agent's. `forks` says whether it can be forked from the agent, which has
    the same interpreter then.
    """

    def __init__(
        self,
        command,
        sys_path,
        variables=None,
        folder=None,
        mask=None,
        executable=None,
        forks=True,
    ):
        self.command = command
        self.sys_path = list(sys_path)
        self.variables = variables
        self.folder = folder
        self.mask = mask
        self.executable = executable
        self.forks = forks

    def __eq__(self, other):
        return isinstance(other, Program) and self.as_message() == other.as_message()

    def as_message(self):
        return dict(vars(self), command=vars(self.command))

    @staticmethod
    def of_message(message):
        return Program(**dict(message, command=Command(**message["command"])))

    def enter(self):
        """In the process that is to run it: take on what it is started with."""
        if self.variables is not None:
            os.environ.clear()
            os.environ.update(self.variables)
            os.umask(self.mask)
            os.chdir(self.folder)

    def import_path(self):
        """Return sys.path as Python has it when it starts the program, in whose folder this is."""
        if getattr(sys.flags, "safe_path", False) or sys.flags.isolated:
            return list(self.sys_path)
        if self.command.kind == "module":
            return [os.getcwd()] + self.sys_path
        return [os.path.dirname(os.path.realpath(self.command.target))] + self.sys_path


class Settings:
    """The command, its port (None: it does not serve), the seconds it may take to end, and places.

    `origin` is the Python program that the command is, or None. `program` is the one that it leads to,
    once that is known.
    """

    def __init__(self, command, port, grace=None):
        self.command = command
        self.port = port
        self.grace = grace
        self.state = state_folder()
        os.makedirs(self.state, exist_ok=True)
        self.project = Project(roots())
        self.record = Record(self.path("imports"))
        self.templates = TemplateChanges(self.path("templates"))
        self.lifeline = None
        self.origin = Program(command, python_path()) if command.in_process else None
        self.program = self.origin

    def path(self, name):
        return os.path.join(self.state, name)

    @property
    def synced(self):
        """Whether a sync changed this pod's files, also before its container started again."""
        return os.path.exists(self.path("synced"))
