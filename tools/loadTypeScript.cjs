// Lets `require` load TypeScript: tsx transpiles it once, where ts-node would take a second at every start.
const { mkdirSync } = require("node:fs");
const { _extensions: extensions } = require("node:module");
const path = require("node:path");

const { Transpiled } = require("./transpiled.cjs");

const root = path.dirname(__dirname);
const cache = path.join(root, "node_modules", ".cache", "transpiled");
mkdirSync(cache, { recursive: true });

const transpiled = new Transpiled(cache, root);
// Errors are shown where they are in the sources.
process.setSourceMapsEnabled(true);

// Node.js would read the source map of each file. Those of packages lead to sources that are not there.
const plain = extensions[".js"];
const inPackages = `${path.sep}node_modules${path.sep}`;
const javaScript = (module, file) => {
  const isOfPackage = file.includes(inPackages);
  process.setSourceMapsEnabled(!isOfPackage);
  try {
    plain(module, file);
  } finally {
    process.setSourceMapsEnabled(true);
  }
};

/** How tsx loads a module, once one is new: to load tsx and to have it look at each `require` takes a tenth of a second. */
let transpiling;
const typeScript = (module, file) => {
  transpiled.load(module, file, (...args) => {
    transpiling ??= startTsx();
    transpiling(...args);
  });
};

function startTsx() {
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
  const ofTsx = extensions[".ts"];
  // It would search each .js file for what it would have to transpile: in packages there is nothing, and Pulumi's SDK and
  // what it imports take a quarter of a second of processor time.
  Object.assign(extensions, { ".js": javaScript, ".ts": typeScript });
  return ofTsx;
}

Object.assign(extensions, { ".js": javaScript, ".ts": typeScript });
