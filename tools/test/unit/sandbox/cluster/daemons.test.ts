import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";

import {
  endLeftovers,
  endProcess,
  killDaemon,
  lastLines,
  logFile,
  restartDaemon,
  runningPid,
  startDaemon,
  stopDaemon,
  waitFor,
} from "../../../../sandbox/cluster/daemons";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isAlive } from "../../../../../test/unit/helpers/processes";

/** Seconds: more than a test may take. */
const tooLong = 30;

describe("A daemon of the sandbox", () => {
  const children: ChildProcess[] = [];
  // Before the folder goes, which has the records of what runs.
  afterEach(async () => {
    await stopDaemon(folder.path(), "daemon", 0);
    children.splice(0).forEach((child) => child.kill("SIGKILL"));
  });

  const folder = temporaryFolder();

  before(function () {
    if (process.platform !== "linux") {
      this.skip();
    }
  });

  const start = (...command: string[]): number | undefined => {
    startDaemon(folder.path(), { name: "daemon", command, environment: { PATH: process.env["PATH"], NAME: "value" } });
    return runningPid(folder.path(), "daemon");
  };
  const wait = async (check: () => boolean, timeoutSeconds?: number): Promise<void> => {
    await waitFor(folder.path(), "daemon", () => Promise.resolve(check()), timeoutSeconds);
  };
  const log = (): string => fs.readFileSync(logFile(folder.path(), "daemon"), "utf8");
  /** A process that is no daemon of ours. */
  const bystander = (argv0: string, ...args: string[]): number => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "--", ...args], {
      argv0,
      stdio: "ignore",
    });
    children.push(child);
    return child.pid ?? 0;
  };

  it("runs until it is stopped", async () => {
    const pid = start("sleep", "60");
    assert.ok(pid !== undefined && isAlive(pid));
    await stopDaemon(folder.path(), "daemon");
    assert.equal(isAlive(pid), false);
    assert.equal(runningPid(folder.path(), "daemon"), undefined);
    assert.deepEqual(fs.readdirSync(folder.path("run")), []);
  });

  it("is a process group of its own, so that Ctrl-C in the terminal does not end it", () => {
    const pid = start("sleep", "60");
    const stat = fs.readFileSync(`/proc/${pid ?? 0}/stat`, "utf8");
    assert.equal(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2], String(pid));
  });

  it("has the environment and the folder it is given, and its output in its log", async () => {
    start("sh", "-c", "echo $NAME in $(pwd); echo oops >&2; exec sleep 60");
    await wait(() => log().endsWith("oops\n"));
    assert.equal(log(), `value in ${folder.path()}\noops\n`);
  });

  it("begins its log anew each time it starts", async () => {
    start("sh", "-c", "echo first; exec sleep 60");
    await wait(() => log() === "first\n");
    await stopDaemon(folder.path(), "daemon");
    start("sh", "-c", "echo second; exec sleep 60");
    await wait(() => log() !== "");
    assert.equal(log(), "second\n");
  });

  it("is killed when it does not end on request in time", async () => {
    const pid = start("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done") ?? 0;
    await wait(() => log() === "ready\n");
    await stopDaemon(folder.path(), "daemon", 0);
    assert.equal(isAlive(pid), false);
  });

  it("is killed without being asked, as by a power cut", async () => {
    const pid = start("sh", "-c", "trap 'echo asked' TERM; echo ready; while :; do sleep 0.1; done") ?? 0;
    await wait(() => log() === "ready\n");
    await killDaemon(folder.path(), "daemon");
    assert.equal(isAlive(pid), false);
    assert.equal(log(), "ready\n");
    assert.deepEqual(fs.readdirSync(folder.path("run")), []);
  });

  it("that cannot be killed is not waited for longer than its time", async () => {
    // Linux gives no process such a pid, so that no signal arrives.
    const pid = 2 ** 22 + 1;
    await assert.rejects(
      endProcess(() => pid, 0, 0),
      new Error(
        `Process ${pid} of the sandbox is there 0 s after it was killed; run \`ps -o pid,user,stat,wchan,args -p ${pid}\` to see what it waits for, and repeat the command when it is gone.`,
      ),
    );
  });

  it("is restarted with the same command, and is away meanwhile", async () => {
    const first = start("sh", "-c", "echo begun; exec sleep 60");
    const away: (number | undefined)[] = [];
    await restartDaemon(folder.path(), "daemon", { PATH: process.env["PATH"] }, () => {
      away.push(runningPid(folder.path(), "daemon"));
      return Promise.resolve();
    });
    assert.deepEqual(away, [undefined]);
    await wait(() => log() === "begun\n");
    assert.notEqual(runningPid(folder.path(), "daemon"), first);
  });

  it("that was never started cannot be restarted", async () => {
    await assert.rejects(
      restartDaemon(folder.path(), "daemon", {}, () => Promise.resolve()),
      new Error(`The sandbox in ${folder.path()} has no daemon; run \`npm run up -- sandbox\`.`),
    );
  });

  it("that does not run is stopped without an error", async () => {
    await stopDaemon(folder.path(), "daemon");
    start("true");
    await stopDaemon(folder.path(), "daemon");
    assert.equal(runningPid(folder.path(), "daemon"), undefined);
  });

  it("is not taken for another process that got its pid since", async () => {
    const pid = bystander("node");
    fs.mkdirSync(folder.path("run"));
    fs.writeFileSync(folder.path("run", "daemon.json"), JSON.stringify({ pid, started: "1" }));
    assert.equal(runningPid(folder.path(), "daemon"), undefined);
    await stopDaemon(folder.path(), "daemon");
    assert.ok(isAlive(pid));
  });

  it("does not run once it has ended, even while nobody asks how", async () => {
    // The child ends when its parent has become a program that asks nothing.
    start("sh", "-c", 'while [ "$(cat /proc/$$/comm)" = sh ]; do :; done & echo $!; exec sleep 60');
    await wait(() => log().endsWith("\n"));
    const pid = Number(log());
    const stat = (): string => fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    await wait(() => stat().includes(") Z"));
    const started = stat().split(") ")[1]?.split(" ")[19];
    folder.write({ "run/other.json": JSON.stringify({ pid, started }) });
    assert.equal(runningPid(folder.path(), "other"), undefined);
  });

  it("does not run when its record is damaged", () => {
    folder.write({ "run/daemon.json": "{" });
    assert.equal(runningPid(folder.path(), "daemon"), undefined);
  });

  it("is waited for until the check holds", async () => {
    start("sleep", "60");
    let checks = 0;
    await wait(() => ++checks === 3);
    assert.equal(checks, 3);
  });

  it("is not waited for once it has ended: the error shows the end of its log", async () => {
    start("sh", "-c", "for line in 1 2 3 4; do echo line $line; done; exit 1");
    await assert.rejects(
      wait(() => false, tooLong),
      {
        name: "Error",
        message: `The sandbox's daemon ended; the end of ${logFile(folder.path(), "daemon")}:\nline 2\nline 3\nline 4`,
      },
    );
  });

  it("that cannot be started is said to have ended, and why", async () => {
    start(folder.path("missing"));
    await assert.rejects(
      wait(() => false, tooLong),
      {
        name: "Error",
        message: `The sandbox's daemon ended; the end of ${logFile(folder.path(), "daemon")}:\nspawn ${folder.path("missing")} ENOENT`,
      },
    );
  });

  it("is not waited for longer than its time", async () => {
    start("sh", "-c", "echo starting; exec sleep 60");
    await wait(() => log() === "starting\n");
    await assert.rejects(
      wait(() => false, 0),
      {
        name: "Error",
        message: `The sandbox's daemon was not ready after 0 s; the end of ${logFile(folder.path(), "daemon")}:\nstarting`,
      },
    );
  });

  it("has no last lines without a log", () => {
    assert.equal(lastLines(folder.path(), "daemon"), "");
  });

  it("may leave processes behind, which are ended by the folder in their command line", async () => {
    const shim = bystander("/usr/bin/containerd-shim-runc-v2", folder.path("exec"));
    const others = [
      bystander("/usr/bin/containerd-shim-runc-v2", "/run/docker/containerd"),
      bystander("/usr/bin/containerd-shim-runc-v2", `${folder.path()}-other/exec`),
      bystander("/usr/bin/less", folder.path("log", "daemon.log")),
      bystander("/usr/bin/kubectl", `--kubeconfig=${folder.path("kubeconfig")}`),
    ];
    await endLeftovers(folder.path());
    assert.equal(isAlive(shim), false);
    assert.deepEqual(others.map(isAlive), [true, true, true, true]);
  });
});
