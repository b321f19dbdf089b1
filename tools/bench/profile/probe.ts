// Is loaded into the program's Node process, before anything else, through NODE_OPTIONS.
import fs from "node:fs";
import Module from "node:module";
import path from "node:path";

import type { ProgramTimes } from "./programTimes";

/** Node's loader as it is inside: every module that is not loaded yet goes through `load`. */
interface Loader {
  prototype: { load: (this: NodeJS.Module, file: string) => void };
}

const file = process.env["BENCH_PROBE_FILE"];
const isProgram = /[\\/]cmd[\\/]run[\\/]index\.js$|[\\/]cmd[\\/]run$/.test(process.argv[1] ?? "");

if (file !== undefined && isProgram) {
  record(file);
}

function record(target: string): void {
  const times: ProgramTimes = { origin: performance.timeOrigin, ready: performance.now(), modules: {}, functions: {} };
  const { prototype } = Module as unknown as Loader;
  const { load } = prototype;
  const callers: { inner: number }[] = [];
  prototype.load = function (loaded: string): void {
    const start = performance.now();
    const call = { inner: 0 };
    const isEntry = times.entry === undefined && !loaded.includes(`${path.sep}node_modules${path.sep}`);
    if (isEntry) {
      times.entry = { start, end: NaN };
    }
    callers.push(call);
    try {
      load.call(this, loaded);
    } finally {
      callers.pop();
      const end = performance.now();
      const owner = packageOf(loaded);
      times.modules[owner] = (times.modules[owner] ?? 0) + end - start - call.inner;
      const caller = callers.at(-1);
      if (caller) {
        caller.inner += end - start;
      }
      if (isEntry && times.entry) {
        times.entry.end = end;
      }
    }
    if (/components[\\/](image[\\/]buildContext|targets[\\/]resolveTarget)\.[jt]s$/.test(loaded)) {
      // A compiler may export getters, which cannot be replaced one by one.
      this.exports = withTimedFunctions(this.exports as Record<string, unknown>, times);
    }
  };
  process.on("exit", () => {
    fs.writeFileSync(target, JSON.stringify(times));
  });
}

/** The package in node_modules that a file belongs to; "program" for the program's own. */
function packageOf(loaded: string): string {
  return /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(loaded)?.[1] ?? "program";
}

function withTimedFunctions(exported: Record<string, unknown>, times: ProgramTimes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(exported).map(([name, value]) => [
      name,
      typeof value === "function" ? timed(name, value as (...args: unknown[]) => unknown, times) : value,
    ]),
  );
}

function timed(
  name: string,
  call: (...args: unknown[]) => unknown,
  times: ProgramTimes,
): (...args: unknown[]) => unknown {
  return (...args) => {
    const start = performance.now();
    const done = (): void => {
      times.functions[name] = performance.now() - start;
    };
    const result = call(...args);
    if (result instanceof Promise) {
      return result.finally(done);
    }
    done();
    return result;
  };
}
