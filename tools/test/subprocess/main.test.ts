import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";

import execa from "execa";

import { checkout } from "../../../test/unit/helpers/checkout";
import { commandLine } from "../../commandLine";

describe("`npm run up`", () => {
  // Each takes longer to load than all the rest.
  const slow = [
    "@pulumi/pulumi/index.js",
    "@pulumi/kubernetes/",
    "@kubernetes/",
    "@grpc/",
    "typescript/",
    "@peculiar/",
  ];

  it(`loads none of ${slow.join(", ")}`, () => {
    const script = `
      require("tsx/cjs");
      require("./tools/main.ts");
      require("./tools/pulumi/languageHost/languageHost.ts");
      require("./tools/commands/up.ts");
      console.log(Object.keys(require.cache).join("\\n"));
    `;
    const loaded = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim().split("\n");
    assert.ok(
      loaded.some((file) => file.endsWith("/execa/index.js")),
      "the list is not what was loaded",
    );
    assert.deepEqual(
      loaded.filter((file) => slow.some((library) => file.includes(`/node_modules/${library}`))),
      [],
    );
  });
});

describe("behind a proxy of the shell", () => {
  const noProxyOf = (environment: NodeJS.ProcessEnv): string => {
    const script = `
      require("tsx/cjs");
      require("./tools/main.ts").main(["nosuch"]).then(() => console.log(process.env.no_grpc_proxy));
    `;
    const options = { encoding: "utf8", stdio: "pipe", env: { PATH: process.env["PATH"], ...environment } } as const;
    try {
      return execFileSync(process.execPath, ["-e", script], options).trim();
    } catch (error) {
      return (error as { stdout: string }).stdout.trim();
    }
  };

  it("Pulumi's SDK reaches its engine directly, unless the user says otherwise", () => {
    assert.equal(noProxyOf({ https_proxy: "http://proxy.test:3128" }), "127.0.0.1,localhost,::1");
    assert.equal(noProxyOf({ no_grpc_proxy: "*" }), "*");
  });
});

describe("standard output that cannot be written", () => {
  const main = async (args: string): Promise<{ exitCode: number; stderr: string }> => {
    const entry = `${process.execPath} ${path.join(checkout, "tools", "bootstrap.mjs")}`;
    return await execa.command(`${entry} ${args}`, { shell: true, reject: false, stdin: "ignore" });
  };

  it("is told, and is a failure", async function () {
    if (!fs.existsSync("/dev/full")) {
      this.skip();
    }
    const { exitCode, stderr } = await main("logs --help >/dev/full");
    assert.equal(
      stderr,
      "error: Standard output cannot be written (ENOSPC: no space left on device); free space on its disk.",
    );
    assert.equal(exitCode, 1);
  });

  /** Writes once there is something to read, and then says so on standard error or output. */
  const writing = (stream: "stdout" | "stderr", other: "stdout" | "stderr"): string => `
    require("tsx/cjs");
    require("./tools/terminal/lostOutput.ts").tellLostOutput();
    process.stdin.once("data", () => {
      process.${stream}.write("lost");
      setImmediate(() => process.${other}.write("went on"));
    });
  `;

  it("is no failure where nobody reads it any more", async () => {
    const child = spawn(process.execPath, ["-e", writing("stdout", "stderr")]);
    child.stdout.destroy();
    child.stdin.end("go");
    const [stderr] = await Promise.all([text(child.stderr), once(child, "exit")]);
    assert.deepEqual({ exitCode: child.exitCode, stderr }, { exitCode: 0, stderr: "went on" });
  });

  it("is no failure where it is standard error", async function () {
    if (!fs.existsSync("/dev/full")) {
      this.skip();
    }
    const full = fs.openSync("/dev/full", "w");
    const options = { reject: false, input: "go", stdio: ["pipe", "pipe", full] } as const;
    const { exitCode, stdout } = await execa(process.execPath, ["-e", writing("stderr", "stdout")], options);
    fs.closeSync(full);
    assert.deepEqual({ exitCode, stdout }, { exitCode: 0, stdout: "went on" });
  });
});

describe("the commands of `npm run`", () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(checkout, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const declared = commandLine().commands.map((command) => command.name());

  it("are the npm scripts that run bootstrap.mjs", () => {
    const started = Object.entries(scripts).filter(([, script]) => script.includes("bootstrap.mjs"));
    // A shell that waits for it would end with Ctrl-C's exit code instead of its own.
    const shellOf = (name: string): string => (["watch", "logs", "forward", "schedule"].includes(name) ? "exec " : "");
    assert.deepEqual(
      started,
      started.map(([name]) => [name, `${shellOf(name)}node tools/bootstrap.mjs ${name}`]),
    );
    assert.deepEqual(started.map(([name]) => name).sort(), [...declared].sort());
  });

  it("load the module that their type comes from", () => {
    const source = fs.readFileSync(path.join(checkout, "tools", "commandLine.ts"), "utf8");
    const loaded = [...source.matchAll(/load<typeof import\("(.+)"\)>\(\s*"(.+)",?\s*\)/g)];
    assert.ok(loaded.length >= declared.length, `${loaded.length} modules are loaded`);
    for (const [, type, module] of loaded) {
      assert.equal(module, type);
    }
  });
});

describe("a command that fails", () => {
  const run = (...args: string[]): { stdout: string; stderr: string; status: number | null } => {
    const script = `require("tsx/cjs"); void require("./tools/main.ts").main(${JSON.stringify(args)})`;
    try {
      // It may be set where the tests run.
      const env = { ...process.env, GITHUB_EVENT_PATH: "" };
      const stdout = execFileSync(process.execPath, ["-e", script], { encoding: "utf8", stdio: "pipe", env });
      return { stdout, stderr: "", status: 0 };
    } catch (error) {
      return error as { stdout: string; stderr: string; status: number | null };
    }
  };

  it("says so on standard error and ends with exit code 1", () => {
    const { stdout, stderr, status } = run("preview:comment", "--file", "no-such-file");
    assert.deepEqual([stdout, status], ["", 1]);
    assert.match(stderr, /^error: GITHUB_EVENT_PATH is not set/);
  });

  for (const [title, args, said] of [
    ["which option is unknown", ["drift", "--undo"], "unknown option '--undo'"],
    [
      "which arguments are too many",
      ["drift", "a", "b"],
      "too many arguments for 'drift'. Expected 1 argument but got 2.",
    ],
  ] as const) {
    it(`says on standard error ${title}, and where the others are listed`, () => {
      const help = "Run `npm run drift -- --help` to see its arguments and options.";
      const { stdout, stderr, status } = run(...args);
      assert.deepEqual([stdout, stderr, status], ["", `error: ${said}\n${help}\n`, 1]);
    });
  }
});
