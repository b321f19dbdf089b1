const { createHash } = require("node:crypto");
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { clearTimeout, setTimeout } = require("node:timers");

/** Milliseconds without a new module after which what is new is written: the process may be killed later. */
const quiet = 100;
/** Modules that are kept, those of other checkouts with the same packages included. */
const most = 500;

/** What the modules of a command were transpiled to, by their sources, in one file: a source that changes has no entry. */
class Transpiled {
  /** Those of this process, by a hash of the source and of everything else that decides. */
  used = {};

  /**
   * @param folder of the cache
   * @param root folder of tsconfig.json
   */
  constructor(folder, root) {
    const [, script = "", command = ""] = process.argv;
    this.file = path.join(folder, `${path.parse(script).name}-${command.replace(/[^a-z]/g, "")}.json`);
    const tools = [
      process.version,
      require("tsx/package.json").version,
      readFileSync(path.join(root, "tsconfig.json")),
    ];
    this.tools = tools.join("\n");
    this.known = readStore(this.file);
    process.once("exit", () => {
      this.write();
    });
  }

  /** Loads a module, which `transpile` does where its source is new. */
  load(module, file, transpile) {
    const key = createHash("sha256").update(`${this.tools}\n${file}\n`).update(readFileSync(file)).digest("base64");
    const code = this.known[key];
    if (code !== undefined) {
      this.used[key] = code;
      module._compile(code, file);
      return;
    }
    const compile = module._compile;
    module._compile = (made, ...rest) => {
      delete module._compile;
      this.keep(key, made);
      return compile.call(module, made, ...rest);
    };
    transpile(module, file);
  }

  keep(key, code) {
    this.used[key] = code;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.write();
    }, quiet).unref();
  }

  /** Writes what is new; where it grows too long, without what this process had no use for. */
  write() {
    if (this.timer === undefined) {
      return;
    }
    clearTimeout(this.timer);
    this.timer = undefined;
    const all = { ...this.known, ...this.used };
    const kept = Object.keys(all).length > most ? this.used : all;
    const own = `${this.file}.${process.pid}`;
    try {
      writeFileSync(own, JSON.stringify(kept), { mode: 0o600 });
      renameSync(own, this.file);
    } catch {
      // It is transpiled again the next time.
      rmSync(own, { force: true });
    }
  }
}

function readStore(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

module.exports = { Transpiled };
