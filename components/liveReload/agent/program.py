"""Runs the project's command in this process, as Python itself would."""

import builtins
import collections
import importlib.machinery
import os
import sys
import types
from functools import partial

from debugger import Debugger
from imports import Recorder, load_project_by_content
from port import Port, ask_agent
from urlconf import load_urlconf

HERE = os.path.dirname(os.path.abspath(__file__))


def run_program(settings, program, number, debugged):
    """Run a program as the start with this number. Returns when the program does.

    `debugged` says when an editor can attach, as `Debugger` has it.
    """
    command = program.command
    printed = keep_printed(sys.stderr)
    program.enter()
    sys.path[:] = program.import_path()
    load_project_by_content(settings.project, settings.path("bytecode"))
    recorder = Recorder(settings.record, settings.templates.patches())
    debugger = Debugger(debugged, recorder)
    if settings.port:
        load = partial(load_views, settings, number, printed)
        at_port = partial(succeed_or_end, debugger.at_port, settings, number, printed)
        Port(settings.port, settings.path("socket"), number, load, at_port).watch()
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = list(command.words)
    try:
        debugger.begin()
        # What the debugger imports is not the program's.
        sys.meta_path.insert(0, recorder)
        if command.kind == "module":
            run_module(command.target, command.arguments)
        else:
            run_file(command.target, command.arguments)
    except SystemExit as error:
        if error.code not in (None, 0):
            tell_failure(settings, number, error.__context__ or error, printed)
        raise
    except BaseException as error:
        failed = error.with_traceback(program_frames(error.__traceback__))
    else:
        return
    sys.excepthook(type(failed), failed, failed.__traceback__)
    tell_failure(settings, number, failed, printed)
    sys.exit(1)


def load_views(settings, number, printed):
    """End this process where the project's views cannot be imported, unless it is the pod's first."""
    if number > 1:
        succeed_or_end(load_urlconf, settings, number, printed)


def succeed_or_end(act, settings, number, printed):
    """Return what a function does, or end this process.

    Servers take some errors from a socket for their own, so that none is raised.
    """
    try:
        return act()
    except BaseException as error:
        failed = error.with_traceback(program_frames(error.__traceback__))
        sys.excepthook(type(failed), failed, failed.__traceback__)
        tell_failure(settings, number, failed, printed)
        sys.stderr.flush()
        os._exit(1)


def run_file(path, arguments):
    sys.argv[:] = [path] + arguments
    name = os.path.abspath(path) if sys.version_info >= (3, 9) else path
    main = fresh_main()
    main.__file__ = name
    main.__cached__ = None
    main.__loader__ = importlib.machinery.SourceFileLoader("__main__", name)
    with open(path, "rb") as source:
        code = compile(source.read(), name, "exec", dont_inherit=True)
    exec(code, main.__dict__)


def run_module(name, arguments):
    import runpy

    sys.argv[:] = ["-m"] + arguments
    fresh_main()
    # What "python -m" itself calls.
    runpy._run_module_as_main(name)


def fresh_main():
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    return main


def program_frames(traceback):
    """Return the traceback without the frames of the agent, as the user knows it."""
    while traceback and os.path.dirname(traceback.tb_frame.f_code.co_filename) == HERE:
        traceback = traceback.tb_next
    return traceback


def keep_printed(stream):
    """Return what is printed from here on, but for all before the end."""
    printed = collections.deque(maxlen=100)
    write = getattr(stream, "write", None)

    def write_and_keep(text):
        printed.append(text[-2000:])
        return write(text)

    if write:
        stream.write = write_and_keep
    return printed


def tell_failure(settings, number, error, printed):
    """Send the agent the traceback, or what a program printed that caught its error itself."""
    import traceback

    if not isinstance(error, SystemExit):
        frames = program_frames(error.__traceback__)
        failure = "".join(traceback.format_exception(type(error), error, frames))
    elif isinstance(error.code, str):
        failure = error.code
    else:
        failure = "".join(printed)
    try:
        message = {"do": "failed", "start": number, "failure": failure.strip()}
        ask_agent(settings.path("socket"), message)
    except OSError:
        pass
