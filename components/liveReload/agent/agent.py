"""Runs the project's command in a pod, and restarts it within a moment when its files change.

    python agent.py run [--port 8000] [--grace 30] -- COMMAND ARG...
    python agent.py program --start 1 [--port 8000] [--debugged port] -- COMMAND ARG...
    python agent.py zygote --channel 5 --lifeline 6 [--port 8000] --
    python agent.py sync

`run` is the container's process. `program` is a process that a script of the container led to, and
`zygote` one of its interpreter from which others are forked. `sync` talks with the developer's machine
on its standard streams, puts the files in place and asks `run` for the restart.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def prepare_to_run(arguments):
    executed = arguments[:1] == ["--executed"]
    from command import gunicorn_environment, read_command
    from settings import Settings
    from supervisor import Supervisor

    options, words = read_options(arguments[1:] if executed else arguments)
    command = read_command(words, os.environ)
    if command.needs_other_interpreter() and not executed:
        start = [command.interpreter] + command.flags + [os.path.abspath(__file__)]
        os.execv(command.interpreter, start + ["run", "--executed"] + arguments)
    os.environ.update(gunicorn_environment(command, os.environ))
    settings = Settings(command, port_of(options), float(options.get("--grace", 30)))
    return Supervisor(settings).run


def prepare_program(arguments):
    from command import gunicorn_environment, read_command
    from program import run_program
    from script import follow_executed, tell_program
    from settings import Settings

    options, words = read_options(arguments)
    command = read_command(words, os.environ)
    os.environ.update(gunicorn_environment(command, os.environ))
    settings, number = Settings(command, port_of(options)), int(options["--start"])
    debugged = options.get("--debugged")
    tell_program(settings, number)
    if not command.stays():
        follow_executed(settings, number, debugged)
    return lambda: run_program(settings, settings.program, number, debugged)


def prepare_zygote(arguments):
    import json
    import socket

    from processes import Lifeline
    from settings import Program, Settings, state_folder
    from zygote import Zygote

    options, _ = read_options(arguments)
    channel, lifeline = (int(options[name]) for name in ("--channel", "--lifeline"))
    for descriptor in (channel, lifeline):
        os.set_inheritable(descriptor, False)
    channel = socket.socket(fileno=channel)
    with open(os.path.join(state_folder(), "zygote"), encoding="utf-8") as file:
        told = json.load(file)
    program = Program.of_message(told["program"])
    settings = Settings(program.command, port_of(options))
    settings.lifeline = Lifeline(lifeline)
    return Zygote(settings, program, channel, frozenset(told["excluded"])).run


def read_options(arguments):
    """Return the values of options, and the words of the command."""
    at = arguments.index("--")
    options, name = {}, None
    for word in arguments[:at]:
        if word.startswith("--"):
            name = word
            options[name] = None
        else:
            options[name] = word
    return options, arguments[at + 1 :]


def port_of(options):
    return int(options["--port"]) if "--port" in options else None


def carry_out(prepare):
    """Do what `prepare` returns, and in each process that is forked what that one is to do."""
    # The folder of the agent is read-only in a pod, and a checkout elsewhere.
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    from processes import Become

    task = prepare()
    sys.dont_write_bytecode = written
    leave_no_modules()
    while task:
        try:
            task()
            task = None
        except Become as forked:
            task = forked.task


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
        carry_out(lambda: prepare_to_run(sys.argv[2:]))
    elif do == "program":
        carry_out(lambda: prepare_program(sys.argv[2:]))
    elif do == "zygote":
        carry_out(lambda: prepare_zygote(sys.argv[2:]))
    else:
        sys.exit(__doc__.strip())


main()
