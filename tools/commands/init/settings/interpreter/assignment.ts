import type { Expression } from "../python/syntax";
import type { Machine } from "./machine";
import type { Scope } from "./scope";
import { derived, plainText, unknown, withUnder, type Value } from "./values";

/** Gives a value to a name, an attribute, an item or several of them. */
export function assign(machine: Machine, target: Expression, value: Value, scope: Scope): void {
  switch (target.kind) {
    case "name":
      if (scope.kind !== "function") {
        machine.record.named(target.name);
      }
      scope.assign(target.name, value);
      return;
    case "tuple":
    case "list":
      target.items.forEach((item, index) => {
        const one = value.kind === "list" ? (value.items[index] ?? unknown) : derived(unknown, value);
        machine.assign(item, one, scope);
      });
      return;
    case "attribute": {
      const holder = machine.evaluate(target.object, scope);
      if (holder.kind === "object") {
        holder.behaviour.setAttribute?.(target.name, value);
      }
      return;
    }
    case "subscript": {
      const holder = machine.evaluate(target.object, scope);
      const key = machine.evaluate(target.index, scope);
      if (holder.kind === "dict" && key.kind === "text") {
        holder.entries.set(key.text, withUnder(value, machine.record.guards));
      } else if (holder.kind === "object") {
        holder.behaviour.setItem?.(key, value);
      }
      return;
    }
    default:
      return;
  }
}

/** Takes out a name or an item of a dict. */
export function remove(machine: Machine, target: Expression, scope: Scope): void {
  if (target.kind === "name") {
    scope.names.delete(target.name);
  } else if (target.kind === "subscript") {
    const holder = machine.evaluate(target.object, scope);
    const key = plainText(machine.evaluate(target.index, scope));
    if (holder.kind === "dict" && key !== undefined) {
      holder.entries.delete(key);
    }
  }
}
