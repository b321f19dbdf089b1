import { createRequire, Module } from "node:module";

type Library = Record<PropertyKey, unknown>;

const require = createRequire(__filename);

/**
 * What Pulumi's SDK loads for half a second whenever it starts, and needs for dynamic resources alone: each is
 * loaded here when the first of its members is asked for.
 */
export const seldomNeeded = ["typescript", "@npmcli/arborist"];

for (const library of seldomNeeded) {
  const file = require.resolve(library);
  const load = (): Library => {
    if (require.cache[file] === standIn) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- so that `require` loads it
      delete require.cache[file];
    }
    return require(file) as Library;
  };
  const standIn = Object.assign(new Module(file), {
    filename: file,
    loaded: true,
    // Asked for `__esModule` by whoever imports all of its members, which would not need them yet.
    exports: new Proxy({}, { get: (_, member) => member === "__esModule" || load()[member] }),
  });
  require.cache[file] = standIn;
}
