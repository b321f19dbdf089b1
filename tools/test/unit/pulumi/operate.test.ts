import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { type EngineEvent } from "../../../pulumi/engineEvents";
import { type Hold, operate, type Watch } from "../../../pulumi/operate";
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
  const up = async (script: string, makeWatch?: (cancel: () => void) => Watch, hold?: Hold): Promise<EngineEvent[]> => {
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
      environment: { PATH: [folder.path("bin"), process.env["PATH"]].join(path.delimiter) },
    };
    return await operate(cli, "up", ["--refresh"], makeWatch, hold);
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

  it("fails with a reference to what it printed", async () => {
    await assert.rejects(up("exit 1"), isProblem(failed));
  });

  for (const [what, script, hasFailed] of [
    ["failed", "exit 1", true],
    ["ended well", "exit 0", false],
  ] as const) {
    it(`fails for the reason that a watch has seen, even when Pulumi ${what}`, async () => {
      const stops: boolean[] = [];
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
      assert.deepEqual(stops, [hasFailed]);
    });
  }

  it("is interrupted by a watch as by Ctrl-C, while it runs", async () => {
    const makeWatch = (cancel: () => void): Watch => ({
      onEvent: cancel,
      stop: (hasFailed) => Promise.resolve(hasFailed ? new Problem("interrupted") : undefined),
    });
    const script = "sleep 30 & trap 'kill $!; echo interrupted >ended; exit 1' INT; wait";
    await assert.rejects(up(script, makeWatch), isProblem("interrupted"));
    assert.equal(fs.readFileSync("ended", "utf8"), "interrupted\n");
  });

  it("can be cancelled from the start when it is held", async () => {
    const hold: Hold = {
      until: new Promise(() => undefined),
      onStart: (cancel) => {
        setImmediate(cancel);
      },
    };
    await assert.rejects(up("exec sleep 30", undefined, hold), isProblem(failed));
  });

  it("leaves nothing behind", async () => {
    process.env["TMPDIR"] = folder.path("tmp");
    fs.mkdirSync("tmp");
    await up("exit 0");
    await assert.rejects(up("exit 1"));
    assert.deepEqual(fs.readdirSync("tmp"), []);
    assert.equal(process.listenerCount("SIGINT"), 0);
  });
});
