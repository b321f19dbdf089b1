import assert from "node:assert/strict";
import path from "node:path";

import { askPulumi, pulumiCommand, pulumiFailed } from "../../../pulumi/cli";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../test/unit/helpers/problems";

describe("The Pulumi CLI", () => {
  const folder = temporaryFolder();
  /** Where `pulumi` is a script. */
  const callOf = (script: string): { folder: string; environment: NodeJS.ProcessEnv } => {
    folder.write({ "bin/pulumi": { executable: `#!/bin/sh\n${script}\n` } });
    const PATH = [folder.path("bin"), process.env["PATH"]].join(path.delimiter);
    return { folder: folder.path(), environment: { PATH } };
  };

  it("runs for a stack with a config file, without colours and questions", () => {
    const environment = { PATH: "/bin" };
    const call = { folder: "/checkout", environment, stack: "dev", configFile: "/own/Pulumi.dev.yaml" };
    assert.deepEqual(pulumiCommand(["preview", "--json"], call), [
      "pulumi",
      // prettier-ignore
      ["preview", "--json", "--stack", "dev", "--config-file", "/own/Pulumi.dev.yaml", "--non-interactive", "--color", "never"],
      { folder: "/checkout", environment },
    ]);
  });

  it("runs for the whole project where no stack is named", () => {
    const [, args] = pulumiCommand(["stack", "ls"], { folder: "/checkout", environment: {} });
    assert.deepEqual(args, ["stack", "ls", "--non-interactive", "--color", "never"]);
  });

  it("answers a question in its folder, with the environment that it is given and no other", async () => {
    process.env["OF_THIS_PROCESS"] = "seen";
    const call = callOf('echo "$@ in $PWD"; echo "$ONLY $OF_THIS_PROCESS"; echo progress >&2');
    Object.assign(call.environment, { ONLY: "given" });
    try {
      assert.equal(
        await askPulumi(["stack", "export"], { ...call, stack: "dev" }),
        `stack export --non-interactive --color never --stack dev in ${folder.path()}\ngiven `,
      );
    } finally {
      delete process.env["OF_THIS_PROCESS"];
    }
  });

  it("reads what it is given, and nothing by default", async () => {
    const call = callOf("cat");
    assert.equal(await askPulumi(["stack", "import"], call, '{"version":3}'), '{"version":3}');
    assert.equal(await askPulumi(["stack", "import"], call), "");
  });

  it("fails with its own error", async () => {
    const call = callOf("echo noise; echo \"error: no stack named 'dev' found\" >&2; exit 255");
    await assert.rejects(
      askPulumi(["stack", "export"], { ...call, stack: "dev" }),
      isProblem("`pulumi stack export --stack dev` failed:\n  | no stack named 'dev' found"),
    );
  });

  it("fails where it is not installed", async () => {
    const environment = { PATH: folder.path("nowhere") };
    await assert.rejects(
      askPulumi(["stack", "ls", "--json"], { folder: folder.path(), environment }),
      isProblem("`pulumi stack ls` failed:\n  | pulumi is not on PATH"),
    );
  });

  it("names each line of several errors", () => {
    const { failed, output } = pulumiFailed(["refresh", "--json"], { stack: "dev" }, ["one\ntwo", "three"]);
    assert.equal(failed, "`pulumi refresh --stack dev` failed");
    assert.deepEqual(output, ["one", "two", "three"]);
  });
});
