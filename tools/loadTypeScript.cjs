// Lets `require` load TypeScript: tsx caches what it transpiles, where ts-node would take a second at every start.
const { mkdirSync } = require("node:fs");
const { _extensions: extensions } = require("node:module");
const path = require("node:path");

const { Transpiled } = require("./transpiled.cjs");

const root = path.dirname(__dirname);
const cache = path.join(root, "node_modules", ".cache", "transpiled");
mkdirSync(cache, { recursive: true });

const plain = extensions[".js"];
// tsx looks up the temporary folder once, and caches there.
const temporary = Object.fromEntries(["TMPDIR", "TEMP", "TMP"].map((name) => [name, process.env[name]]));
Object.assign(process.env, Object.fromEntries(Object.keys(temporary).map((name) => [name, cache])));
require("tsx/cjs");
for (const [name, value] of Object.entries(temporary)) {
  if (value === undefined) {
    delete process.env[name];
  } else {
    process.env[name] = value;
  }
}

// tsx searches each .js file for what it would have to transpile. In packages there is nothing, and to search Pulumi's SDK
// and what it imports takes a quarter of a second of processor time. It also has Node.js read the source map of each file.
// Those of packages lead to sources that are not there.
const searching = extensions[".js"];
const inPackages = `${path.sep}node_modules${path.sep}`;
extensions[".js"] = (module, file) => {
  if (!file.includes(inPackages)) {
    searching(module, file);
    return;
  }
  process.setSourceMapsEnabled(false);
  try {
    plain(module, file);
  } finally {
    process.setSourceMapsEnabled(true);
  }
};

// What tsx cached it looks up in a file for each module, which takes a millisecond each.
const transpiling = extensions[".ts"];
const transpiled = new Transpiled(cache, root);
extensions[".ts"] = (module, file) => {
  transpiled.load(module, file, transpiling);
};
