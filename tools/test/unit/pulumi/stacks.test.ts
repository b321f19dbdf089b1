import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { Problem } from "../../../../components/problem";
import { createStack, stackExists, stackOutputs } from "../../../pulumi/stacks";
import { readStates } from "../../../pulumi/state";
import type { PulumiCli } from "../../../stack/stack";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../test/unit/helpers/problems";

describe("The stacks of a backend", () => {
  ownEnvironment();
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

  it("cannot be known where the backend cannot be opened, which names what chose it", async () => {
    folder.write({
      "bin/pulumi": { executable: '#!/bin/sh\necho "error: unable to open bucket" >&2\nexit 255\n' },
    });
    const failed = "Pulumi cannot open the state in s3://states:\n  | unable to open bucket\n";
    process.env["PULUMI_BACKEND_URL"] = "s3://states";
    await assert.rejects(
      stackExists(ofStack("dev", "s3://states")),
      isProblem(
        `${failed}Set PULUMI_BACKEND_URL to a backend that can be opened, or unset it to use that of \`pulumi login\`.`,
      ),
    );
    delete process.env["PULUMI_BACKEND_URL"];
    await assert.rejects(
      stackExists(ofStack("dev", "s3://states")),
      isProblem(
        `${failed}Run this again once it can be opened, or \`pulumi login\` to sign in again or to another one.`,
      ),
    );
    process.env["PULUMI_ACCESS_TOKEN"] = "pul-expired";
    await assert.rejects(
      stackExists(ofStack("dev", "s3://states")),
      isProblem(
        `${failed}Set PULUMI_ACCESS_TOKEN to a token that it takes, or unset it to use the backend of \`pulumi login\`.`,
      ),
    );
  });

  it("cannot be known for another reason where the backend can be opened", async () => {
    folder.write({
      "bin/pulumi": {
        executable: `#!/bin/sh
[ "$1" = whoami ] && [ "$PWD" != "${folder.path()}" ] && exit
echo "error: could not load current project" >&2
exit 255
`,
      },
    });
    await assert.rejects(
      stackExists(ofStack("dev", "s3://states")),
      isProblem("`pulumi stack ls` failed:\n  | could not load current project"),
    );
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
