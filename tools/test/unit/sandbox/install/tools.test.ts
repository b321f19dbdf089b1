import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";

import * as catalogue from "../../../../sandbox/install/catalogue";
import { toolchainFolder } from "../../../../sandbox/install/golang";
import { installAll, type Edges } from "../../../../sandbox/install/obtain";
import type { InstalledTool, Tool, Way } from "../../../../sandbox/install/tool";
import { firstThatWorks } from "../../../../sandbox/install/ways";

const hammer: Tool = {
  name: "hammer",
  title: "Hammer",
  version: "2.0.0",
  executables: ["hammer"],
  ways: [
    { kind: "download", files: [] },
    { kind: "debian", version: "1.9.0", packages: [], links: {} },
    { kind: "go", builds: [] },
  ],
  byHand: "install Hammer 2 or newer",
};

interface Outcome {
  /** What was asked for, in order. */
  asked: string[];
  printed: string;
  edges: Edges;
}

/** A machine on which a tool can be had in the named ways only; every other way fails with its own name. */
function machineWith(...available: string[]): Outcome {
  const found = (source: InstalledTool["source"]): InstalledTool => ({
    name: "hammer",
    version: "2.0.0",
    folder: "/tools/bin",
    source,
  });
  const ask = (what: string): boolean => {
    outcome.asked.push(what);
    return available.includes(what);
  };
  const outcome: Outcome = {
    asked: [],
    printed: "",
    edges: {
      cached: () => (ask("cache") ? found("cache") : undefined),
      onPath: () => Promise.resolve(ask("path") ? found("path") : undefined),
      make: (tool, way) =>
        ask(way.kind) ? Promise.resolve(found("vendor")) : Promise.reject(new Error(`no ${way.kind} for ${tool.name}`)),
      screen: {
        isTTY: false,
        columns: 80,
        write: (text) => {
          outcome.printed += text;
        },
      },
    },
  };
  return outcome;
}

describe("the order in which a tool is looked for", () => {
  const orders: { available: string[]; asked: string[] }[] = [
    { available: ["cache", "path", "download"], asked: ["cache"] },
    { available: ["path", "download"], asked: ["cache", "path"] },
    { available: ["download", "debian", "go"], asked: ["cache", "path", "download"] },
    { available: ["debian", "go"], asked: ["cache", "path", "download", "debian"] },
    { available: ["go"], asked: ["cache", "path", "download", "debian", "go"] },
  ];
  for (const { available, asked } of orders) {
    it(`asks ${asked.join(", then ")} where ${available.join(", ")} would do`, async () => {
      const outcome = machineWith(...available);
      await installAll([hammer], outcome.edges);
      assert.deepEqual(outcome.asked, asked);
    });
  }

  it("shows nothing for tools that are there already", async () => {
    const outcome = machineWith("path");
    await installAll([hammer, hammer], outcome.edges);
    assert.equal(outcome.printed, "");
  });

  it("says in one line how a tool was got", async () => {
    const outcome = machineWith("debian");
    await installAll([hammer], outcome.edges);
    assert.match(outcome.printed, /^ {2}✓ Hammer: 2\.0\.0, from Debian's packages {3}\d+\.\d s\n$/);
  });

  it("says what PATH had when something else had to be installed", async () => {
    const { edges, ...outcome } = machineWith("go");
    const saw: Tool = { ...hammer, name: "saw", title: "Saw" };
    const printed: string[] = [];
    await installAll([saw, hammer], {
      ...edges,
      onPath: (tool) =>
        Promise.resolve(
          tool === saw ? { name: "saw", version: "3.1.0", folder: "/usr/bin", source: "path" } : undefined,
        ),
      screen: { isTTY: false, columns: 80, write: (text) => printed.push(text.replace(/ {3}.*\n/, "")) },
    });
    assert.deepEqual(printed, ["  ✓ Saw: 3.1.0, from PATH", "  ✓ Hammer: 2.0.0, built from Go modules"]);
    assert.deepEqual(outcome.asked, ["cache", "cache", "download", "debian", "go"]);
  });

  it("returns the tools in the order in which they were asked for", async () => {
    const outcome = machineWith();
    const names = ["adze", "brace", "chisel"] as const;
    const installed = await installAll(
      names.map((name) => ({ ...hammer, name })),
      {
        ...outcome.edges,
        cached: ({ name }) =>
          name === "brace" ? undefined : { name, version: "1.0.0", folder: "/tools", source: "cache" },
        make: ({ name }) => Promise.resolve({ name, version: "1.0.0", folder: "/tools", source: "vendor" }),
      },
    );
    assert.deepEqual(
      installed.map((tool) => tool.name),
      names,
    );
  });
});

describe("the ways to a tool", () => {
  it("end, when none works, in one sentence with every way, its reason and the remedy", async () => {
    const outcome = machineWith();
    await assert.rejects(installAll([hammer], outcome.edges), {
      message:
        "Hammer 2.0.0 could not be installed (from the vendor: no download for hammer; " +
        "from Debian's packages: no debian for hammer; built from Go modules: no go for hammer); " +
        "install Hammer 2 or newer.",
    });
    assert.match(outcome.printed, /^ {2}✗ Hammer {3}\d+\.\d s\n$/);
  });

  it("are not tried any further once one has worked", async () => {
    const tried: string[] = [];
    const attempt = (name: string, works: boolean) => ({
      name,
      run: () => {
        tried.push(name);
        return works ? Promise.resolve(name) : Promise.reject(new Error("broken"));
      },
    });
    assert.equal(
      await firstThatWorks("X", [attempt("a", false), attempt("b", true), attempt("c", true)], "do it"),
      "b",
    );
    assert.deepEqual(tried, ["a", "b"]);
  });

  it("share a reason that they have in common", async () => {
    const attempts = ["by hook", "by crook"].map((name) => ({
      name,
      run: () => Promise.reject(new Error("example.org cannot be reached.")),
    }));
    await assert.rejects(firstThatWorks("It", attempts, "do without"), {
      message: "It could not be installed (by hook and by crook: example.org cannot be reached); do without.",
    });
  });
});

describe("the catalogue", () => {
  /** The files that a way says it puts into a tool's folder; undefined where only what it fetches can tell. */
  const written = (way: Way): string[] | undefined => {
    switch (way.kind) {
      case "go":
        return way.builds.flatMap(({ output, names }) => [output, ...(names ?? []).map((name) => `bin/${name}`)]);
      case "debian":
        return [...Object.keys(way.links), ...Object.keys(way.wrappers ?? {})];
      case "python":
        return Object.keys(way.modules).map((name) => `bin/${name}`);
      default:
        return undefined;
    }
  };

  for (const tool of Object.values(catalogue)) {
    it(`has every executable of ${tool.title} in what is built or unpacked`, () => {
      const ways = tool.ways.map(written).filter((files) => files !== undefined);
      assert.notEqual(ways.length, 0);
      for (const files of ways) {
        const missing = tool.executables.filter((name) => !files.includes(`bin/${name}`));
        assert.deepEqual(missing, []);
      }
    });
  }

  it("compiles modules that are in the checkout", () => {
    const ways = Object.values(catalogue).flatMap((tool) => tool.ways);
    const modules = ways.flatMap((way) => (way.kind === "go" ? way.builds.map((build) => build.module) : []));
    assert.deepEqual(
      modules.filter((module) => !existsSync(path.join(toolchainFolder, module, "go.mod"))),
      [],
    );
    assert.ok(modules.includes("kubernetes"));
    assert.ok(existsSync(path.join(toolchainFolder, "checkov", "requirements.txt")));
  });
});
