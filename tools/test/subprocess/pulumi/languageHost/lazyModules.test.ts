import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

import { seldomNeeded } from "../../../../pulumi/languageHost/lazyModules";

describe("The libraries that Pulumi's SDK seldom needs", () => {
  /** What a process prints that has loaded the SDK behind them. */
  const printed = (script: string): string[] => {
    const before =
      'require("tsx/cjs"); require("./tools/pulumi/languageHost/lazyModules"); const pulumi = require("@pulumi/pulumi");';
    return execFileSync(process.execPath, ["-e", before + script], { encoding: "utf8" })
      .trim()
      .split("\n");
  };
  const loaded = `console.log(Object.values(require.cache).filter(({ children }) => children.length > 0)
    .map(({ filename }) => filename).join("\\n"));`;
  const versions = `console.log([${seldomNeeded.map((name) => `require("${name}")`).join()}].map((each) =>
    each.version ?? typeof (each.Arborist ?? each.LocalWorkspace)).join("\\n"));`;

  it(`are not loaded with it: ${seldomNeeded.join(", ")}`, () => {
    const files = printed(loaded);
    assert.ok(files.some((file) => file.endsWith("/node_modules/@pulumi/pulumi/index.js")));
    assert.deepEqual(
      files.filter((file) => seldomNeeded.some((name) => file.includes(`/node_modules/${name}/`))),
      [],
    );
  });

  it("are loaded when they are used", () => {
    const [typescript = "", arborist, automation] = printed(versions);
    assert.match(typescript, /^\d+\.\d+\.\d+$/);
    assert.deepEqual([arborist, automation], ["function", "function"]);
  });

  it("let functions be sent to a dynamic provider", () => {
    const script = `const name = "shop";
      void pulumi.runtime.serializeFunction(() => name).then(({ text }) => { console.log(text); });`;
    const text = printed(script).join("\n");
    assert.match(text, /return \(\) => name;/);
    assert.match(text, /name: "shop"/);
  });
});
