"""Runs the project's command in a pod, and restarts it within a moment when its files change.

    python agent.py run [--port 8000] [--grace 30] -- COMMAND ARG...
    python agent.py sync

`run` is the container's process. `sync` talks with the developer's machine on its standard streams,
puts the files in place and asks `run` for the restart.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def run(arguments):
    """Run the command in a process that is forked, and restart it until this process is ended."""
    # The folder of the agent is read-only in a pod, and a checkout elsewhere.
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    from command import gunicorn_environment, read_command
    from processes import Become
    from settings import Settings
    from supervisor import Supervisor

    sys.dont_write_bytecode = written
    options = {"--port": None, "--grace": "30"}
    rest = list(arguments)
    executed = rest[:1] == ["--executed"]
    if executed:
        rest.pop(0)
    while rest and rest[0] != "--":
        name = rest.pop(0)
        options[name] = rest.pop(0)
    command = read_command(rest[1:], os.environ)
    if command.needs_other_interpreter() and not executed:
        words = [command.interpreter] + command.flags + [os.path.abspath(__file__)]
        os.execv(command.interpreter, words + ["run", "--executed"] + arguments)
    os.environ.update(gunicorn_environment(command, os.environ))
    if not command.in_process:
        # Bytecode of the image that an edit does not reach is removed; no new one is written.
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    port = options["--port"] and int(options["--port"])
    settings = Settings(command, port, float(options["--grace"]))
    task = Supervisor(settings).run
    leave_no_modules()
    # Each process that is forked comes here, too, for what it is to do.
    while task:
        try:
            task()
            task = None
        except Become as become:
            task = become.task


def leave_no_modules():
    """Take the agent's own modules out of the way of those of the project that have their names."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name != "__main__" and file and os.path.dirname(os.path.abspath(file)) == HERE:
            del sys.modules[name]


def main():
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != HERE]
    sys.path.insert(0, HERE)
    do = sys.argv[1] if len(sys.argv) > 1 else None
    if do == "sync":
        sys.dont_write_bytecode = True
        from sync import sync

        sync()
    elif do == "run":
        run(sys.argv[2:])
    else:
        sys.exit(__doc__.strip())


main()
