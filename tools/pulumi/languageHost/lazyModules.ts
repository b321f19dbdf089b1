import { createRequire, Module } from "node:module";

type Library = Record<PropertyKey, unknown>;

const require = createRequire(__filename);

/**
 * Libraries that Pulumi's SDK loads at every start, which takes half a second, and uses for dynamic resources or for other
 * programs only. Here each is loaded when code first reads one of its members.
 */
export const seldomNeeded = ["typescript", "@npmcli/arborist", "@pulumi/pulumi/automation"];

for (const library of seldomNeeded) {
  const file = require.resolve(library);
  const load = (): Library => {
    if (require.cache[file] === lazy) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- so that `require` loads it
      delete require.cache[file];
    }
    return require(file) as Library;
  };
  const lazy = Object.assign(new Module(file), {
    filename: file,
    loaded: true,
    // An import of all members reads `__esModule`, and needs no member yet.
    exports: new Proxy({}, { get: (_, member) => member === "__esModule" || load()[member] }),
  });
  require.cache[file] = lazy;
}
