import type { Statement } from "../python/syntax";
import type { Machine } from "./machine";
import type { Scope } from "./scope";
import { withUnder } from "./values";

/** `import module`, `import package.module as name`. */
export function importModules(machine: Machine, statement: Statement & { kind: "import" }, scope: Scope): void {
  for (const { name, as } of statement.modules) {
    const first = name.split(".")[0] ?? name;
    scope.names.set(as ?? first, machine.module(as === undefined ? first : name));
  }
}

/** Name of the module that an import names, from the module it stands in. */
function absoluteName(statement: Statement & { kind: "importFrom" }, scope: Scope): string {
  if (statement.level === 0) {
    return statement.module;
  }
  const { name, isPackage } = scope.place;
  const parts = name.split(".");
  const base = parts.slice(0, parts.length - statement.level + (isPackage ? 1 : 0));
  return [...base, ...(statement.module === "" ? [] : [statement.module])].join(".");
}

/** `from module import name`. */
export function importFrom(machine: Machine, statement: Statement & { kind: "importFrom" }, scope: Scope): void {
  const name = absoluteName(statement, scope);
  const imported = machine.moduleScope(name);
  const isAbsent = imported === undefined && machine.isAbsent(name);
  if (isAbsent) {
    machine.record.misses(name);
  }
  if (statement.names === "*") {
    imported?.names.forEach((value, key) => {
      if (!key.startsWith("_")) {
        scope.names.set(key, withUnder(value, machine.record.guards));
      }
    });
    if (isAbsent || (!imported && statement.level > 0)) {
      machine.record.fail("ModuleNotFoundError", new Set());
    }
    return;
  }
  for (const { name: item, as } of statement.names) {
    if (statement.level > 0) {
      machine.moduleScope(`${name}.${item}`);
    }
    const found = imported?.names.get(item) ?? machine.attribute(machine.module(name), item);
    scope.names.set(as, withUnder(found, machine.record.guards));
  }
}
