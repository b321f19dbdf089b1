import assert from "node:assert/strict";
import fs from "node:fs";

import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { Agents, freePort, needsPython, page, serverOf, type Stream, untilEqual } from "./agent";

describe("A server that an editor can attach to", () => {
  needsPython();
  const folder = temporaryFolder();
  const agents = new Agents(folder);
  let port: number;

  const log = (): string => fs.readFileSync(folder.path("log"), "utf8");
  /** Stands for debugpy: notes whether a request would be refused in the moment from which an editor can attach. */
  const debugpy = (): string => `
import socket
def listen(address):
    try:
        socket.create_connection(("127.0.0.1", ${port})).close()
        found = "taken"
    except OSError:
        found = "refused"
    with open("${folder.path("log")}", "a") as log:
        log.write(found + ";")
`;
  const start = async (server: string): Promise<Stream> => {
    folder.write({
      "app/server.py": server,
      "app/view.py": "word = 'one'",
      "site-packages/debugpy/__init__.py": debugpy(),
      "site-packages/debugpy/server/__init__.py": "",
      "site-packages/debugpy/server/api.py": "",
      log: "",
    });
    agents.start(["python", "server.py"], { port });
    assert.equal(await page(port), "one");
    const stream = agents.stream();
    await stream.open({}, { debugger: true });
    return stream;
  };

  beforeEach(async () => {
    port = await freePort();
  });

  it("takes requests by then, at first and after a save", async () => {
    const stream = await start(serverOf(port, "view.word", "import view"));
    await untilEqual("taken;", log);
    assert.equal(await page(port), "one");
    assert.equal((await stream.restart({ "view.py": "word = 'two'" }))?.what, "restarted");
    assert.equal(log(), "taken;taken;");
    assert.equal(await page(port), "two");
  });

  it("says so where an editor cannot attach, and is started with the next save", async () => {
    const stream = await start(serverOf(port, "view.word", "import view"));
    await untilEqual("taken;", log);
    const broken = "import debugpy\ndef listen(address): raise ValueError('no adapter')\ndebugpy.listen = listen\n";
    const { what, failure } = (await stream.restart({ "view.py": broken })) ?? {};
    assert.equal(what, "failed");
    assert.match(String(failure), /ValueError: no adapter$/);
    assert.equal((await stream.restart({ "view.py": "word = 'two'" }))?.what, "restarted");
    assert.equal(await page(port), "two");
  });

  it("lets it attach from the beginning where a process of the server's listens", async () => {
    const fork = "import os, view\nif os.fork():\n    os.wait()\n    os._exit(0)\n";
    const stream = await start(serverOf(port, "view.word", fork));
    await untilEqual("refused;", log);
    assert.equal((await stream.restart({ "view.py": "word = 'two'" }))?.what, "restarted");
    assert.equal(log(), "refused;refused;");
    assert.equal(await page(port), "two");
  });

  it("lets it attach from the beginning where it listens without Python's sockets", async () => {
    const own = `import _socket, socket, socketserver, view
class Own(http.server.HTTPServer):
    def server_bind(self):
        own = _socket.socket()
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        own.bind(self.server_address)
        own.listen(5)
        self.socket = socket.socket(fileno=own.detach())
    def server_activate(self): pass
http.server.HTTPServer = Own
`;
    const stream = await start(serverOf(port, "view.word", own));
    await untilEqual("refused;", log);
    assert.equal((await stream.restart({ "view.py": "word = 'two'" }))?.what, "restarted");
    assert.equal(log(), "refused;refused;");
    assert.equal(await page(port), "two");
  });
});
