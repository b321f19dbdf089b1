import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";

import {
  killDaemon,
  lastLines,
  logFile,
  restartDaemon,
  runningPid,
  startDaemon,
  stopDaemon,
  waitFor,
} from "../../../../sandbox/cluster/daemons";
import { endLeftovers, endProcess } from "../../../../sandbox/cluster/processes";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

import { isAlive } from "../../../../../test/unit/helpers/processes";

/** Seconds; more than a test may take. */
const tooLong = 30;

describe("A daemon of the sandbox", () => {
  const children: ChildProcess[] = [];
  // Registered before the folder's own hook, since the folder has the records of what runs.
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
    const environment = { PATH: process.env["PATH"], HOME: "/home/somebody", https_proxy: "http://proxy", TOKEN: "x" };
    startDaemon(folder.path(), { name: "daemon", command, environment });
    return runningPid(folder.path(), "daemon");
  };
  const wait = async (check: () => boolean, timeoutSeconds?: number): Promise<void> => {
    await waitFor(folder.path(), "daemon", () => Promise.resolve(check()), timeoutSeconds);
  };
  const readLog = (): string => `Read its log, ${logFile(folder.path(), "daemon")}.`;
  const log = (): string => fs.readFileSync(logFile(folder.path(), "daemon"), "utf8");
  /** Starts a process that is no daemon of the sandbox. */
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

  it("has its folder, and its output in its log", async () => {
    start("sh", "-c", "pwd; echo oops >&2; exec sleep 60");
    await wait(() => log().endsWith("oops\n"));
    assert.equal(log(), `${folder.path()}\noops\n`);
  });

  it("has of its user's environment what it needs, and no secret", () => {
    const pid = start("sleep", "60") ?? 0;
    assert.deepEqual(fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean).sort(), [
      "HOME=/home/somebody",
      `PATH=${process.env["PATH"] ?? ""}`,
      "https_proxy=http://proxy",
    ]);
  });

  it("starts a new log each time that it starts", async () => {
    start("sh", "-c", "echo first; exec sleep 60");
    await wait(() => log() === "first\n");
    await stopDaemon(folder.path(), "daemon");
    start("sh", "-c", "echo second; exec sleep 60");
    await wait(() => log() !== "");
    assert.equal(log(), "second\n");
  });

  it("is killed when it does not end in time", async () => {
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

  it("that cannot be killed is named once its time is over", async () => {
    // Above Linux's largest pid, so no process gets the signals.
    const pid = 2 ** 22 + 1;
    await assert.rejects(
      endProcess(() => pid, 0, 0),
      isProblem(
        `Process ${pid} of the sandbox still runs 0 s after it was killed; run \`ps -o pid,user,stat,wchan,args -p ${pid}\` to see what it waits for, and repeat the command once it has ended.`,
      ),
    );
  });

  it("is restarted with the same command, and does not run in between", async () => {
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
      isProblem(`The sandbox in ${folder.path()} has no daemon; run \`npm run up -- sandbox\`.`),
    );
  });

  it("that does not run is stopped without an error", async () => {
    await stopDaemon(folder.path(), "daemon");
    start("true");
    await stopDaemon(folder.path(), "daemon");
    assert.equal(runningPid(folder.path(), "daemon"), undefined);
  });

  it("is not confused with another process that got its pid", async () => {
    const pid = bystander("node");
    fs.mkdirSync(folder.path("run"));
    fs.writeFileSync(folder.path("run", "daemon.json"), JSON.stringify({ pid, started: "1" }));
    assert.equal(runningPid(folder.path(), "daemon"), undefined);
    await stopDaemon(folder.path(), "daemon");
    assert.ok(isAlive(pid));
  });

  it("does not run once it has ended, even as a zombie", async () => {
    // The child ends when its parent has become `sleep`, which never reads an exit code.
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

  it("that has ended is waited for no longer: the error shows the end of its log", async () => {
    start("sh", "-c", "for line in 1 2 3 4; do echo line $line; done; exit 1");
    await assert.rejects(
      wait(() => false, tooLong),
      isProblem(`The sandbox's daemon ended:\n  | line 2\n  | line 3\n  | line 4\n${readLog()}`),
    );
  });

  it("that cannot be started counts as ended, and the error says why", async () => {
    start(folder.path("missing"));
    await assert.rejects(
      wait(() => false, tooLong),
      isProblem(`The sandbox's daemon ended:\n  | spawn ${folder.path("missing")} ENOENT\n${readLog()}`),
    );
  });

  it("that is not ready in time is named, with the end of its log", async () => {
    start("sh", "-c", "echo starting; exec sleep 60");
    await wait(() => log() === "starting\n");
    await assert.rejects(
      wait(() => false, 0),
      isProblem(`The sandbox's daemon was not ready after 0 s:\n  | starting\n${readLog()}`),
    );
  });

  it("has no last lines without a log", () => {
    assert.deepEqual(lastLines(folder.path(), "daemon"), []);
  });

  it("may leave processes behind, which are found by the folder in their command line", async () => {
    const shim = bystander("/usr/bin/containerd-shim-runc-v2", folder.path("exec"));
    const others = [
      bystander("/usr/bin/containerd-shim-runc-v2", "/run/docker/containerd"),
      bystander("/usr/bin/containerd-shim-runc-v2", `${folder.path()}-other/exec`),
      bystander("/usr/bin/less", folder.path("log", "daemon.log")),
      bystander("/usr/bin/kubectl", `--kubeconfig=${folder.path("kubeconfig")}`),
    ];
    await endLeftovers([folder.path()]);
    assert.equal(isAlive(shim), false);
    assert.deepEqual(others.map(isAlive), [true, true, true, true]);
  });
});
