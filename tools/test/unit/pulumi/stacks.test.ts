import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { Problem } from "../../../../components/problem";
import { createStack, stackExists, stackOutputs } from "../../../pulumi/stacks";
import { readStates } from "../../../pulumi/state";
import type { PulumiCli } from "../../../stack/stack";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";

describe("The stacks of a backend", () => {
  const folder = temporaryFolder();
  const ofStack = (stack: string, url = pathToFileURL(folder.path()).href): PulumiCli => ({
    stack,
    folder: folder.path(),
    configFile: "",
    environment: { PATH: [folder.path("bin"), process.env["PATH"]].join(path.delimiter), PULUMI_BACKEND_URL: url },
  });
  const calls = (): string[] => {
    const file = folder.path("calls");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
  };

  beforeEach(() => {
    folder.write({
      "bin/pulumi": {
        executable: `#!/bin/sh
echo "$@" >>calls
case "$*" in
"stack ls"*) echo '[{"name":"dev"},{"name":"organization/shop/team"}]' ;;
"stack export"*) echo "{\\"version\\":3,\\"deployment\\":{\\"of\\":\\"$(echo "$*" | sed 's/.*--stack //')\\"}}" ;;
"stack init"*) echo "error: stack exists" >&2; exit 255 ;;
"stack output"*) echo '{"url":"http://localhost/"}' ;;
esac
`,
      },
    });
  });

  it("are there when Pulumi lists them, with or without their organization", async () => {
    const exist = await Promise.all(["dev", "team", "prod"].map((stack) => stackExists(ofStack(stack, "s3://states"))));
    assert.deepEqual(exist, [true, true, false]);
  });

  it("are there without asking Pulumi when the checkout has their state", async () => {
    folder.write({ ".pulumi/stacks/kubernetes-django/own.json": "{}" });
    assert.equal(await stackExists(ofStack("own")), true);
    assert.deepEqual(calls(), []);
    assert.equal(await stackExists(ofStack("prod")), false);
    assert.equal(calls().length, 1);
  });

  it("are looked for after a torn file of attributes is gone, which would fail every command", async () => {
    folder.write({ ".pulumi/meta.yaml.attrs": "" });
    const longAgo = new Date(Date.now() - 60_000);
    fs.utimesSync(folder.path(".pulumi/meta.yaml.attrs"), longAgo, longAgo);
    await stackExists(ofStack("dev"));
    assert.deepEqual(fs.readdirSync(folder.path(".pulumi")), []);
  });

  it("are made without being selected, or else the CLI's error is told", async () => {
    await assert.rejects(
      createStack(ofStack("prod")),
      (error) => error instanceof Problem && error.failed === "`pulumi stack init prod` failed",
    );
    assert.equal(calls()[0], "stack init prod --no-select --non-interactive --color never");
  });

  it("are there when another command makes them at once", async () => {
    await createStack(ofStack("organization/shop/team"));
    assert.equal(calls().length, 2);
  });

  it("have outputs", async () => {
    assert.deepEqual(await stackOutputs(ofStack("dev")), { url: "http://localhost/" });
  });

  it("have a state each", async () => {
    const states = await readStates(ofStack("dev"));
    assert.deepEqual(
      [...states].map(([name, { deployment }]) => [name, deployment["of"]]),
      [
        ["dev", "dev"],
        ["team", "team"],
      ],
    );
  });
});
