"""Seen by each Python that a script starts, as its sitecustomize.py.

A Python that the script leads to is run by the agent instead. It leaves nothing in any other one.
"""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def tell_agent():
    given = json.loads(os.environ["LIVE_RELOAD_SCRIPT"])
    loaded, written = set(sys.modules), sys.dont_write_bytecode
    sys.path.insert(0, given["agent"])
    sys.dont_write_bytecode = True
    try:
        from script import come_to_python

        come_to_python(given)
    except Exception as error:
        sys.stderr.write("live-reload: the script is started as a whole: %r\n" % error)
    finally:
        sys.path.remove(given["agent"])
        sys.dont_write_bytecode = written
        for name in set(sys.modules) - loaded:
            file = getattr(sys.modules[name], "__file__", None)
            if file and os.path.dirname(file) == given["agent"]:
                del sys.modules[name]


def load_next():
    """Load the sitecustomize.py that Python would have found without this one."""
    own = sys.modules.pop(__name__)
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != HERE]
    sys.path_importer_cache.pop(HERE, None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        sys.modules.setdefault("sitecustomize", own)


if "LIVE_RELOAD_SCRIPT" in os.environ:
    tell_agent()
load_next()
