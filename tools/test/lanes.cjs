// Which integration tests run side by side: `npm test` runs the lanes `sandbox` and `nodes` at once, and then `alone`.
const fs = require("node:fs");
const path = require("node:path");

const folder = path.join(__dirname, "integration");
const all = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => path.join(folder, name));

function files(...names) {
  const found = names.map((name) => path.join(folder, `${name}.test.ts`));
  const missing = found.filter((file) => !all.includes(file));
  if (missing.length > 0) {
    throw new Error(`${missing.join(", ")} of tools/test/lanes.cjs: no such file`);
  }
  return found;
}

/** Each starts a cluster of its own and stops it. They share their names and addresses: one at a time. */
const nodes = [
  ...files("failures", "minikube", "sharedCluster", "switching", "workflows"),
  // These need no such cluster, and are here so that both lanes end at about the same time.
  ...files("moreApps", "nodeVersions"),
];

/** Each stops a part of the sandbox, counts lost requests, or looks for what a cluster leaves on the machine. */
const alone = files(
  "background",
  "database",
  "media",
  "npmScripts",
  "outages",
  "realMinikube",
  "realMinikubeContainerd",
  "rollouts",
  "sandbox",
  "twoNodes",
  "volumes",
);

/** Each has a namespace, a checkout and a home of its own on the sandbox that all have in common. */
const shared = all.filter((file) => ![...nodes, ...alone].includes(file));
/** The longest come first: begun last, one of them would run when everything else has ended. */
const longest = files("badVersions", "interruptions", "projects", "watch");
const sandbox = [...longest, ...shared.filter((file) => !longest.includes(file))];

module.exports = { all, lanes: { sandbox, nodes, alone } };
