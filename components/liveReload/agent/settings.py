"""What the agent was started with."""

import os
import sys

from imports import Project, Record
from templates import TemplateChanges

DEFAULT_STATE = "/run/live-reload-state"


def state_folder():
    return os.environ.get("LIVE_RELOAD_STATE") or DEFAULT_STATE


def roots():
    given = os.environ.get("LIVE_RELOAD_ROOTS") or os.getcwd()
    return [root for root in given.split(":") if root]


class Settings:
    """The command, its port (None: it does not serve), the seconds it may take to end, and places."""

    def __init__(self, command, port, grace):
        self.command = command
        self.port = port
        self.grace = grace
        self.state = state_folder()
        self.project = Project(roots())
        self.record = Record(self.path("imports"))
        self.templates = TemplateChanges()
        self.lifeline = None
        self.sys_path = list(sys.path)

    def path(self, name):
        return os.path.join(self.state, name)

    @property
    def synced(self):
        """Whether a sync changed this pod's files, also before its container started again."""
        return os.path.exists(self.path("synced"))

    def import_path(self):
        """Return sys.path as Python has it when it starts the command."""
        if getattr(sys.flags, "safe_path", False) or sys.flags.isolated:
            return list(self.sys_path)
        if self.command.kind == "module":
            return [os.getcwd()] + self.sys_path
        return [os.path.dirname(os.path.realpath(self.command.target))] + self.sys_path
