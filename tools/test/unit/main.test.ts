import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

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

  it(`waits for none of ${slow.join(", ")}`, () => {
    const script = `
      require("tsx/cjs");
      require("./tools/main.ts");
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
