// The entry of every npm script. It needs nothing but Node.js, so that a fresh clone needs no step before it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import module from "node:module";
import os from "node:os";
import path from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const lockfile = path.join(root, "package-lock.json");
const installed = path.join(root, "node_modules", ".package-lock.json");

const [major] = process.versions.node.split(".").map(Number);
if (major < 20) {
  fail(`Node.js ${process.versions.node} is too old, 20 or newer is needed; install it from https://nodejs.org.`);
}

if (process.env.HOME === "") {
  // Node.js takes it for the home, and what is kept there would be kept in this checkout; kubectl looks nowhere else.
  delete process.env.HOME;
  process.env.HOME = os.homedir();
}

process.chdir(root);
if (!isInstalled()) {
  if (process.argv[2] === "doctor") {
    fail("the packages in node_modules are not those of package-lock.json; run `npm ci`.");
  }
  await install();
}

/** Ends like a command that fails, before the code that shows a command's error can be loaded. */
function fail(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}

/** Whether node_modules has every package of the lock file in its version; packages of other platforms may be missing. */
function isInstalled() {
  if (!existsSync(installed)) {
    return false;
  }
  const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const found = read(installed);
  return Object.entries(read(lockfile)).every(
    ([name, { version, optional }]) => name === "" || optional === true || found[name]?.version === version,
  );
}

/** Installs the packages and shows it on standard error: standard output carries the command's result alone. */
async function install() {
  console.error("Installing the npm packages (npm ci)");
  // On Windows npm is a script, which only a shell runs.
  const npm = spawn("npm ci --include=dev --no-fund --no-audit", {
    stdio: ["inherit", process.stderr, "inherit"],
    shell: true,
  });
  const start = Date.now();
  const timer = setInterval(() => {
    // On a terminal npm shows its own progress, in a log it does not.
    if (!process.stderr.isTTY) {
      console.error(`  … npm ci (${Math.round((Date.now() - start) / 1000)} s)`);
    }
  }, 8000);
  const [status] = await once(npm, "exit");
  clearInterval(timer);
  if (status !== 0) {
    fail("`npm ci` failed; its output above says why.");
  }
}

// Node.js 22 and later keep compiled code there. Pulumi's Node.js inherits the variable: it saves a fifth of an `up`
// without changes.
process.env.NODE_COMPILE_CACHE ??= path.join(root, "node_modules", ".cache", "compiled");
module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);

const require = module.createRequire(path.join(root, "package.json"));
require("./tools/loadTypeScript.cjs");
await require("./tools/main.ts").main(process.argv.slice(2));
