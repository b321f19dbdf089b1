import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";

import { toolFolder } from "../../../../sandbox/install/folders";
import { installAll, machine, type Edges } from "../../../../sandbox/install/obtain";
import type { InstalledTool, Tool } from "../../../../sandbox/install/tool";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

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

/** A machine on which a tool can be installed in the named ways only; every other way fails with its own name. */
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

  it("says in one line how a tool was installed", async () => {
    const outcome = machineWith("debian");
    await installAll([hammer], outcome.edges);
    assert.match(outcome.printed, /^ {2}✓ Hammer: 2\.0\.0, from Debian's packages {3}\d+\.\d s\n$/);
  });

  it("says what PATH had when another tool has to be installed", async () => {
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

  it("ends, when no way works, with every way, its reason and what to install by hand", async () => {
    const outcome = machineWith();
    await assert.rejects(
      installAll([hammer], outcome.edges),
      isProblem(
        "Hammer 2.0.0 could not be installed (from the vendor: no download for hammer; " +
          "from Debian's packages: no debian for hammer; built from Go modules: no go for hammer); " +
          "install Hammer 2 or newer.",
      ),
    );
    assert.match(outcome.printed, /^ {2}✗ Hammer {3}\d+\.\d s\n$/);
  });
});

describe("tools on PATH", () => {
  ownEnvironment();
  const temporary = temporaryFolder();
  const here = { ...machine, screen: { isTTY: false, columns: 80, write: () => undefined } };
  let folder = "";

  beforeEach(() => {
    folder = temporary.path();
    Object.assign(process.env, { XDG_CACHE_HOME: folder, PATH: `${folder}:${process.env.PATH ?? ""}` });
  });

  const executable = (name: string, prints: string): void => {
    temporary.write({ [name]: { executable: `#!/bin/sh\necho "${prints}"\n` } });
  };

  const tool: Tool = {
    name: "unheard-of",
    title: "Unheard-of",
    version: "3.220.0",
    executables: ["unheard-of", "unheard-of-helper"],
    versionArguments: ["version"],
    onPath: { accepts: ">=3.220.0 <4" },
    ways: [],
    byHand: "install it",
  };

  for (const version of ["3.220.0", "3.220.1", "3.300.0"]) {
    it(`are taken at version ${version} where 3.220.0 or newer, below 4, is needed`, async () => {
      executable("unheard-of", `v${version}-dirty`);
      executable("unheard-of-helper", "");
      assert.deepEqual(await installAll([tool], here), [{ name: "unheard-of", version, folder, source: "path" }]);
    });
  }

  for (const prints of ["v3.219.9", "v3.99.0", "v4.0.0", "no version"]) {
    it(`are passed over when they print "${prints}"`, async () => {
      executable("unheard-of", prints);
      executable("unheard-of-helper", "");
      await assert.rejects(installAll([tool], here), /^Error: Unheard-of 3\.220\.0 could not be installed/);
    });
  }

  it("are passed over when an executable that belongs to them is missing", async () => {
    executable("unheard-of", "v3.220.0");
    await assert.rejects(installAll([tool], here), /could not be installed/);
  });

  it("are passed over when a file that has to exist beside them is missing", async () => {
    executable("unheard-of", "v3.220.0");
    executable("unheard-of-helper", "");
    const demanding = { ...tool, onPath: { accepts: "*", anyFile: [path.join(folder, "plugin")] } };
    await assert.rejects(installAll([demanding], here), /could not be installed/);
    executable("plugin", "");
    assert.equal((await installAll([demanding], here))[0].source, "path");
  });

  it("are not asked for once the cache has them", async () => {
    executable("unheard-of", "v3.300.0");
    executable("unheard-of-helper", "");
    const cached = { ...tool, ways: [{ kind: "go", builds: [] }] as const };
    mkdirSync(toolFolder("unheard-of", "3.220.0"), { recursive: true });
    const [found] = await installAll([cached], here);
    assert.deepEqual([found.source, found.version], ["cache", "3.220.0"]);
    assert.equal(found.folder, path.join(folder, "kubernetes-django/tools/unheard-of-3.220.0/bin"));
  });
});
