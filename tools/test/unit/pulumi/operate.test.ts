import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { type EngineEvent } from "../../../pulumi/engineEvents";
import { type End, operate, type Watch } from "../../../pulumi/operate";
import { processExists } from "../../../processExists";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { Problem } from "../../../../components/problem";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../test/unit/helpers/problems";

describe("An operation of Pulumi", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const failed = "`pulumi up --stack dev` failed; what it printed above says why.";
  const summary = { summaryEvent: { durationSeconds: 1 } };

  beforeEach(() => {
    process.chdir(folder.path());
  });

  /** Runs `up` with a `pulumi` that writes an event, and then does what a script says. */
  const up = async (
    script: string,
    makeWatch?: (cancel: () => void) => Watch,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<EngineEvent[]> => {
    folder.write({
      "bin/pulumi": {
        executable: `#!/bin/sh
echo "$@" | sed 's/--event-log [^ ]*/--event-log FILE/' >called
while [ "$1" != --event-log ]; do shift; done
echo '${JSON.stringify(summary)}' >>"$2"
${script}
`,
      },
    });
    const cli = {
      stack: "dev",
      folder: folder.path(".local"),
      configFile: "dev.yaml",
      environment: { PATH: [folder.path("bin"), process.env["PATH"]].join(path.delimiter), ...environment },
    };
    return await operate(cli, "up", ["--refresh"], makeWatch);
  };

  it("runs in the checkout with the stack's config and an event log, and returns its events", async () => {
    const events = await up('test "$PULUMI_DEBUG_COMMANDS" = true');
    assert.equal(
      fs.readFileSync("called", "utf8"),
      "up --yes --event-log FILE --refresh --stack dev --config-file dev.yaml\n",
    );
    assert.deepEqual(
      events.map(({ summaryEvent }) => summaryEvent),
      [summary.summaryEvent],
    );
  });

  it("fails with the way to make again what was deleted in the cluster", async () => {
    const message =
      '<{%reset%}>update of resource "urn:pulumi:dev::a::b::worker" failed: deployments.apps "shop-worker" not found\\nunable to get cluster state';
    const event = JSON.stringify({ diagnosticEvent: { message } }).replaceAll("\\\\n", "\\n");
    await assert.rejects(
      up(`printf '%s\\n' '${event}' >>"$2"\nexit 255`),
      isProblem(
        "Stack dev made shop-worker (deployments.apps), which is not in the cluster any more; run `npm run drift -- dev --restore` to make it again.",
      ),
    );
  });

  it("fails with a reference to what it printed", async () => {
    await assert.rejects(up("exit 1"), isProblem(failed));
  });

  for (const [what, script, end] of [
    ["failed", "exit 1", "failed"],
    ["ended well", "exit 0", "well"],
  ] as const) {
    it(`fails for the reason that a watch has seen, even when Pulumi ${what}`, async () => {
      const stops: End[] = [];
      const watch: Watch = {
        onEvent: () => undefined,
        stop: (told) => {
          stops.push(told);
          return Promise.resolve(new Problem("The pod crashes."));
        },
      };
      await assert.rejects(
        up(script, () => watch),
        isProblem("The pod crashes."),
      );
      assert.deepEqual(stops, [end]);
    });
  }

  it("is interrupted by a watch as by Ctrl-C, while it runs", async () => {
    const makeWatch = (cancel: () => void): Watch => ({
      onEvent: cancel,
      stop: (end) => Promise.resolve(end === "failed" ? new Problem("cancelled") : undefined),
    });
    const script = "sleep 30 & trap 'kill $!; echo interrupted >ended; exit 1' INT; wait";
    await assert.rejects(up(script, makeWatch), isProblem("cancelled"));
    assert.equal(fs.readFileSync("ended", "utf8"), "interrupted\n");
  });

  it("says that the user interrupted it, and not what its pods were at", async () => {
    const ends: End[] = [];
    const makeWatch = (): Watch => ({
      onEvent: () => process.emit("SIGINT"),
      stop: (end) => {
        ends.push(end);
        return Promise.resolve(undefined);
      },
    });
    const script = "sleep 30 & trap 'kill $!; echo interrupted >>ended; exit 1' INT; wait; wait";
    await assert.rejects(
      up(script, makeWatch),
      isProblem(
        "`pulumi up --stack dev` was interrupted before everything was done; run `npm run up -- dev`, which finishes it.",
      ),
    );
    assert.deepEqual(ends, ["interrupted"]);
    // Npm passes on what the terminal has sent already.
    assert.equal(fs.readFileSync("ended", "utf8"), "interrupted\n");
  });

  it("says that Pulumi was ended by something else", async () => {
    await assert.rejects(
      up("kill -9 $$"),
      isProblem("`pulumi up --stack dev` was ended by SIGKILL; run `npm run up -- dev`, which finishes it."),
    );
  });

  it("tries again when another process was in the way and is gone", async () => {
    const url = pathToFileURL(folder.path(".local")).href;
    const refusal = "error: the stack is currently locked by 1 lock(s).";
    const script = `test -e tried || { touch tried; echo '${refusal}'; exit 1; }`;
    assert.equal((await up(script, undefined, { PULUMI_BACKEND_URL: url })).length, 1);
  });

  it("is ended where it cannot be followed, and leaves nothing behind", async () => {
    let pid = 0;
    const makeWatch = (): never => {
      const until = Date.now() + 60_000;
      while (!fs.existsSync("pid") && Date.now() < until);
      pid = Number(fs.readFileSync("pid", "utf8"));
      throw new Error("the Dockerfile is gone");
    };
    await assert.rejects(up("echo $$ >new; mv new pid; exec sleep 100", makeWatch), {
      message: "the Dockerfile is gone",
    });
    assert.equal(processExists(pid), false);
    assert.equal(process.listenerCount("SIGINT"), 0);
  });

  it("gives Pulumi a temporary folder of its own, and leaves nothing behind", async () => {
    await up('echo key >"$TMPDIR/kubeconfig1"; echo "$TMPDIR" >used');
    assert.equal(fs.existsSync(fs.readFileSync("used", "utf8").trim()), false);
    await assert.rejects(up('echo "$TMPDIR" >used; exit 1'));
    assert.equal(fs.existsSync(fs.readFileSync("used", "utf8").trim()), false);
    assert.equal(process.listenerCount("SIGINT"), 0);
  });
});
