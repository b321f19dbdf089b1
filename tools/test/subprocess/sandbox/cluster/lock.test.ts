import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import { withLock } from "../../../../sandbox/cluster/lock";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("The lock of the sandbox", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const module = path.resolve(__dirname, "../../../../sandbox/cluster/lock.ts");

  before(function () {
    if (process.platform !== "linux") {
      this.skip();
    }
  });

  const hold = async <T>(work: () => Promise<T>): Promise<T> => await withLock("x", work, folder.path("lock"));

  it("lets one work at a time, and the next one even after a failure", async () => {
    const seen: string[] = [];
    const work = async (name: string): Promise<void> => {
      await hold(async () => {
        seen.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        seen.push(`${name} ends`);
        throw new Error(name);
      });
    };
    const results = await Promise.allSettled([work("a"), work("b")]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    const [first = ""] = seen[0]?.split(" ") ?? [];
    const second = first === "a" ? "b" : "a";
    assert.deepEqual(seen, [`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
  });

  it("is free when the process that held it was killed", async () => {
    const work = '() => { console.log("held"); return new Promise((resolve) => setTimeout(resolve, 60_000)); }';
    const script = `require(${JSON.stringify(module)}).withLock("x", ${work}, ${JSON.stringify(folder.path("lock"))})`;
    const child = spawn(process.execPath, ["--require", "ts-node/register/transpile-only", "--eval", script]);
    await once(child.stdout, "data");
    let isFree = false;
    const next = hold(() => Promise.resolve((isFree = true)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(isFree, false);
    child.kill("SIGKILL");
    assert.equal(await next, true);
  });

  it("is refused with the package that is missing", async () => {
    process.env["PATH"] = folder.path();
    await assert.rejects(
      hold(() => Promise.resolve()),
      isProblem(
        `The lock ${folder.path("lock")} cannot be taken (spawn flock ENOENT); install the package util-linux, which has \`flock\`.`,
      ),
    );
  });
});
