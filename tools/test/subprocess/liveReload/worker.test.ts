import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { agentFile, Agents, exitOf, needsPython, python, type Stream, untilEqual } from "./agent";

describe("A worker that is restarted in its pod", () => {
  needsPython();
  const folder = temporaryFolder();
  const agents = new Agents(folder);
  let stream: Stream;

  const log = (): string => fs.readFileSync(folder.path("log"), "utf8");
  /** A worker that notes what it does, and finishes its task when it is asked to end. */
  const worker = (version: string): string => `
import os, signal, time
def note(text):
    with open("${folder.path("log")}", "a") as log:
        log.write("${version} " + text + ";")
def end(number, frame):
    time.sleep(0.1)
    note("finished")
    os._exit(0)
signal.signal(signal.SIGTERM, end)
note("began")
time.sleep(100)
`;

  const start = async (options: { grace?: number } = {}, text = worker("1")): Promise<void> => {
    folder.write({ "app/work.py": text, log: "" });
    agents.start(["python", "-u", "work.py"], options);
    await untilEqual("1 began;", log);
    stream = agents.stream();
    await stream.open({});
  };

  it("finishes its task before the next one begins", async () => {
    await start();
    assert.equal((await stream.restart({ "work.py": worker("2") }))?.what, "restarted");
    assert.equal(log(), "1 began;1 finished;2 began;");
  });

  it("is ended when its grace period is over", async () => {
    await start({ grace: 0.05 }, worker("1").replace("0.1", "100"));
    assert.equal((await stream.restart({ "work.py": worker("2") }))?.what, "restarted");
    assert.equal(log(), "1 began;2 began;");
  });

  it("is started with the next change after one that fails", async () => {
    await start();
    const { what, failure } = (await stream.restart({ "work.py": "import sys\nsys.exit('no broker')" })) ?? {};
    assert.deepEqual([what, failure], ["failed", "no broker"]);
    assert.equal((await stream.change({ files: { "work.py": worker("2") }, then: "templates" }))?.what, "restarted");
    assert.equal(log(), "1 began;1 finished;2 began;");
  });

  it("is said to have started once it has loaded what it runs, and to have failed where that fails late", async () => {
    await start();
    // As long as the import of many modules takes.
    const busy = "import time\nend = time.process_time() + 0.8\nwhile time.process_time() < end: pass\n";
    const { what, failure } = (await stream.restart({ "work.py": `${busy}import nothing` })) ?? {};
    assert.equal(what, "failed");
    assert.match(String(failure), /No module named 'nothing'$/);
    assert.equal((await stream.restart({ "work.py": busy + worker("2") }))?.what, "restarted");
    assert.equal(log(), "1 began;1 finished;2 began;");
  });

  it("is said to have started though the kernel counts no time of what it runs, as of many short programs", () => {
    const script = `
import sys, types
sys.path.insert(0, sys.argv[1])
import processes, supervisor
now, begun = [0], []
processes.time = types.SimpleNamespace(monotonic=lambda: now[0])
processes.group_members = lambda group: {now[0]: types.SimpleNamespace(state="R", ticks=0)}
agent = types.SimpleNamespace(starting=1)
agent.succeed = lambda: begun.append(now[0])
agent.later = lambda seconds, call: None
work = processes.Work(1)
while not begun and now[0] < 100:
    now[0] += 1
    supervisor.Supervisor.rest(agent, 1, work)
print(now[0])
`;
    const said = execFileSync(python, ["-c", script, path.dirname(agentFile)], { encoding: "utf8" });
    assert.equal(said.trim(), "31");
  });

  it("is said to have ended, and is started with the next change", async () => {
    await start();
    // By itself, but not before it is said to have started.
    const end = `import os, threading, time
def end_late():
    while not os.path.exists("${folder.path("end")}"):
        time.sleep(0.2)
    os._exit(4)
threading.Thread(target=end_late, daemon=True).start()
`;
    assert.equal((await stream.restart({ "work.py": end + worker("2") }))?.what, "restarted");
    folder.write({ end: "" });
    const answer = await stream.answer();
    assert.deepEqual(answer, { is: "ended", exitCode: 4, failure: "ended with exit code 4" });
    assert.equal((await stream.restart({ "work.py": worker("3") }))?.what, "restarted");
  });

  it("is started once where the process that it is forked from is killed in that moment", async () => {
    const killed = folder.path("killed");
    const kill = `open("${killed}", "w").close(), os.kill(os.getpid(), 9)`;
    folder.write({ "site-packages/deadly.py": `import os\nos.register_at_fork(after_in_parent=lambda: (${kill}))\n` });
    const deadly = (version: number): string => `import deadly${worker(`${version}`)}`;
    await start({}, deadly(1));
    let version = 1;
    // The first changes may come before the module is imported where processes are forked from.
    while (!fs.existsSync(killed)) {
      version += 1;
      assert.equal((await stream.restart({ "work.py": deadly(version) }))?.what, "restarted");
    }
    await stream.restart({ "work.py": deadly(version + 1) });
    const each = Array.from({ length: version }, (_, index) => `${index + 1} began;${index + 1} finished;`);
    assert.equal(log(), `${each.join("")}${version + 1} began;`);
  });

  it("is debugged only where it listens on a port", async () => {
    await start();
    const debugged = agents.stream();
    debugged.send({ do: "open", base: [], files: [], links: [], folders: [], debugger: true });
    const answers = [await debugged.answer(), await debugged.answer()];
    const reason = "only a Python program that listens on a port can be debugged";
    assert.deepEqual(
      answers.sort((one, other) => String(one?.is).localeCompare(String(other?.is))),
      [
        { is: "error", reason },
        { is: "open", wanted: [], removed: 0 },
      ],
    );
  });

  it("finishes its task when its pod ends in the middle of a restart", async () => {
    // The next one begins only after the pod's end has.
    const finishes = `while not os.path.exists("${folder.path("finish")}"): time.sleep(0.02)`;
    folder.write({ "app/work.py": worker("1").replace("time.sleep(0.1)", finishes), log: "" });
    const agent = agents.start(["python", "work.py"]);
    await untilEqual("1 began;", log);
    stream = agents.stream();
    await stream.open({});
    stream.begin({ files: { "work.py": worker("2") }, then: "restart" });
    stream.send({ do: "ping", id: 1 });
    await stream.answer();
    agent.kill("SIGTERM");
    folder.write({ finish: "" });
    assert.equal(await exitOf(agent), 0);
    assert.match(log(), /finished;$/);
  });
});
