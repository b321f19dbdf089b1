import assert from "node:assert/strict";
import fs from "node:fs";

import execa from "execa";

import { BuildLog } from "../../../docker/buildLog";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";

describe("The log of a build", () => {
  const folder = temporaryFolder();

  /** A user's Docker configuration with a buildx that does what a shell script says. */
  const log = (buildx: string, config = "{}"): BuildLog => {
    folder.write({
      "home/.docker/config.json": config,
      "home/.docker/contexts/meta/one": "a context",
      "home/.docker/cli-plugins/docker-buildx": { executable: `#!/bin/sh\n${buildx}\n` },
    });
    return new BuildLog({ HOME: folder.path("home"), PATH: process.env["PATH"] }, () => folder.path("own"));
  };
  const config = ({ environment }: BuildLog): { cliPluginsExtraDirs: string[] } =>
    JSON.parse(fs.readFileSync(`${environment["DOCKER_CONFIG"] ?? ""}/config.json`, "utf8")) as never;
  const run = async (made: BuildLog, ...args: string[]): Promise<execa.ExecaReturnValue> => {
    const [plugins = ""] = config(made).cliPluginsExtraDirs;
    return await execa(`${plugins}/docker-buildx`, args, { env: made.environment, extendEnv: false, reject: false });
  };

  it("has what buildx prints to standard error, which is shown on standard output as well", async () => {
    const made = log(`echo "$@"; printf '%s\\n' '#1 C:\\new  "x" ' >&2; printf 'no end' >&2; exit 7`);
    const { exitCode, stdout, stderr } = await run(made, "buildx", "build", "--load", "a b");
    assert.equal(exitCode, 7);
    assert.equal(stderr, "");
    assert.deepEqual(stdout.split("\n").sort(), ['#1 C:\\new  "x" ', "buildx build --load a b", "no end"].sort());
    assert.deepEqual(made.lines(), ['#1 C:\\new  "x" ', "no end", ""]);
  });

  it("leaves everything else that buildx is asked as it is", async () => {
    const made = log("echo out; echo err >&2");
    const { stdout, stderr } = await run(made, "docker-cli-plugin-metadata");
    assert.deepEqual([stdout, stderr], ["out", "err"]);
    assert.deepEqual(made.lines(), []);
  });

  it("keeps lines from the plugin that are too long for it", async () => {
    const made = log("head -c 100000 /dev/zero | tr '\\0' x >&2; echo >&2; echo end >&2");
    assert.equal((await run(made, "buildx", "build")).stdout, "end");
    assert.deepEqual(
      made.lines().map((line) => line.length),
      [100000, 3, 0],
    );
  });

  it("becomes buildx itself, so that ending it ends the build", async () => {
    const made = log("echo $$");
    const [plugins = ""] = config(made).cliPluginsExtraDirs;
    const started = execa(`${plugins}/docker-buildx`, ["buildx", "build"], { env: made.environment, extendEnv: false });
    assert.equal((await started).stdout, String(started.pid));
  });

  it("uses the user's configuration but for the folders of plugins", () => {
    const made = log("", '{ "auths": { "r.example.com": { "auth": "eDp5" } }, "cliPluginsExtraDirs": ["/more"] }');
    const folderOf = made.environment["DOCKER_CONFIG"] ?? "";
    assert.deepEqual(config(made), {
      auths: { "r.example.com": { auth: "eDp5" } },
      cliPluginsExtraDirs: [folder.path("own", "cli-plugins"), "/more"],
    });
    assert.equal(fs.statSync(`${folderOf}/config.json`).mode & 0o777, 0o600);
    assert.equal(fs.readFileSync(`${folderOf}/contexts/meta/one`, "utf8"), "a context");
  });

  it("starts empty each time", async () => {
    await run(log("echo one >&2"), "buildx", "build");
    assert.deepEqual(log("").lines(), []);
  });

  it("changes nothing where there is no buildx, and has no lines", () => {
    const environment = { DOCKER_CONFIG: folder.path("empty") };
    const made = new BuildLog(environment, () => assert.fail(), []);
    assert.equal(made.environment, environment);
    assert.deepEqual(made.lines(), []);
  });
});
