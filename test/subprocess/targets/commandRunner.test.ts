import assert from "node:assert/strict";
import path from "node:path";

import { commandRunner, runCommand } from "../../../components/targets/commandRunner";
import { checkout } from "../../unit/helpers/checkout";
import { temporaryFolder } from "../../unit/helpers/folders";

const node = (script: string, ...args: string[]): ReturnType<typeof runCommand> =>
  runCommand(process.execPath, ["-e", script, ...args]);

describe("The command runner", () => {
  const folder = temporaryFolder();

  it("returns what a command printed and that it went well", async () => {
    assert.deepEqual(await node("console.log('out'); console.error('err')"), {
      exitCode: 0,
      stdout: "out",
      stderr: "err",
    });
  });

  it("returns the exit code of a command that failed, and what it printed", async () => {
    assert.deepEqual(await node("console.log('out'); console.error('err'); process.exitCode = 85"), {
      exitCode: 85,
      stdout: "out",
      stderr: "err",
    });
  });

  it("says that a command was not found", async () => {
    assert.deepEqual(await runCommand(folder.path("minikube"), ["ip"]), {
      exitCode: undefined,
      stdout: "",
      stderr: "",
      failure: "not found",
    });
  });

  it("keeps no process waiting for a command that was not found", async () => {
    const module = path.join(checkout, "components/targets/commandRunner.ts");
    const script = `require("ts-node/register/transpile-only");
      require(${JSON.stringify(module)}).commandRunner(60)(${JSON.stringify(folder.path("minikube"))}, []);`;
    assert.deepEqual(await node(script), { exitCode: 0, stdout: "", stderr: "" });
  });

  it("says that a command was killed, and what it had printed", async () => {
    assert.deepEqual(await node("console.log('out'); process.kill(process.pid, 'SIGKILL')"), {
      exitCode: undefined,
      stdout: "out",
      stderr: "",
      failure: "killed",
    });
  });

  it("passes arguments on as they are, without a shell", async () => {
    const { stdout } = await node("console.log(process.argv[1])", "$HOME; *");
    assert.equal(stdout, "$HOME; *");
  });

  it("gives a command nothing to read", async () => {
    const { stdout } = await node("process.stdin.on('data', () => {}).on('end', () => console.log('end'))");
    assert.equal(stdout, "end");
  });

  it("ends a command that has not ended when its time is over, and says so", async () => {
    assert.deepEqual(await commandRunner(0.1)("sleep", ["60"]), {
      exitCode: undefined,
      stdout: "",
      stderr: "",
      failure: "timed out",
    });
  });
});
