// The entry of every npm script: runs on Node alone, so that a fresh clone needs no other step before it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import module from "node:module";
import path from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const lockfile = path.join(root, "package-lock.json");
const installed = path.join(root, "node_modules", ".package-lock.json");

const [major] = process.versions.node.split(".").map(Number);
if (major < 20) {
  console.error(
    `Node.js ${process.versions.node} is too old: 20 or newer is needed; install it from https://nodejs.org.`,
  );
  process.exit(1);
}

process.chdir(root);
if (!isInstalled()) {
  if (process.argv[2] === "doctor") {
    console.error("The npm packages in node_modules are not those of package-lock.json; run `npm ci`.");
    process.exit(1);
  }
  console.log("Installing the npm packages (npm ci)");
  // On Windows npm is a script, which only a shell runs.
  const npm = spawn("npm ci --no-fund --no-audit", { stdio: "inherit", shell: true });
  const start = Date.now();
  const timer = setInterval(() => {
    // On a terminal npm shows by itself that it works, in a log it does not.
    if (!process.stdout.isTTY) {
      console.log(`  … npm ci (${Math.round((Date.now() - start) / 1000)} s)`);
    }
  }, 8000);
  const [status] = await once(npm, "exit");
  clearInterval(timer);
  if (status !== 0) {
    console.error("`npm ci` failed; what it printed above says why.");
    process.exit(1);
  }
}

/** Whether every package of the lock file is there in its version; those for other platforms need not be. */
function isInstalled() {
  if (!existsSync(installed)) {
    return false;
  }
  const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const there = read(installed);
  return Object.entries(read(lockfile)).every(
    ([name, { version, optional }]) => name === "" || optional === true || there[name]?.version === version,
  );
}

// Node.js 22 keeps there what it compiled, and so does Pulumi's, which inherits it: a fifth of an `up` without changes.
process.env.NODE_COMPILE_CACHE ??= path.join(root, "node_modules", ".cache", "compiled");
module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);

const require = module.createRequire(path.join(root, "package.json"));
// It keeps what it transpiled: ts-node would take a second at every start.
require("tsx/cjs");
await require("./tools/main.ts").main(process.argv.slice(2));
