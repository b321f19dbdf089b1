import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { checkout } from "../../../../../test/unit/helpers/checkout";

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}
interface Workflow {
  on: unknown;
  permissions: object;
  jobs: Record<string, { permissions: Record<string, string>; steps: Step[] }>;
}

const folder = path.join(checkout, ".github", "workflows");
const { scripts } = JSON.parse(fs.readFileSync(path.join(checkout, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

for (const file of fs.readdirSync(folder)) {
  const text = fs.readFileSync(path.join(folder, file), "utf8");
  const workflow = parse(text) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  describe(`the workflow ${file}`, () => {
    it("pins every action by the hash of a commit, with its version beside it", () => {
      const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
      assert.ok(uses.length > 0);
      for (const line of uses) {
        assert.match(line, /uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    });

    it("uses no secret, and no token but the workflow's own", () => {
      assert.doesNotMatch(text, /secrets\./);
      assert.doesNotMatch(text, /pull_request_target|workflow_run/);
      for (const { uses, with: inputs } of steps.filter((step) => step.uses?.startsWith("actions/checkout@"))) {
        assert.equal(inputs?.["persist-credentials"], false, uses);
      }
    });

    it("has no permission but those of its jobs, which only read but for the comment", () => {
      assert.deepEqual(workflow.permissions, {});
      for (const { permissions } of Object.values(workflow.jobs)) {
        const { contents, ...others } = permissions;
        assert.equal(contents, "read");
        assert.deepEqual(others, file === "preview.yml" ? { "pull-requests": "write" } : {});
      }
    });

    it("runs npm scripts of this project and nothing else, and puts nothing of a pull request into a command", () => {
      for (const { run } of steps) {
        if (run === undefined) {
          continue;
        }
        const script = /^(?:sudo env "PATH=\$PATH" )?npm (?:run )?([\w:]+)(?: -- [\w ./:^=-]+)?$/.exec(run)?.[1];
        assert.ok(script !== undefined && script in scripts, run);
      }
    });

    it("gives its token to the step that writes the comment alone", () => {
      const withToken = steps.filter(({ env }) => JSON.stringify(env ?? {}).includes("token"));
      assert.deepEqual(
        withToken.map(({ run }) => run),
        file === "preview.yml" ? ["npm run preview:comment -- --file preview.md"] : [],
      );
    });
  });
}
