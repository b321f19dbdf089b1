import type { Expression, Statement } from "../python/syntax";
import type { Machine } from "./machine";
import { Scope } from "./scope";
import { callable, object, unknown, type Arguments, type Behaviour, type Value } from "./values";

/** A class of the project: its names are attributes, and a call makes an object of it. */
export function makeClass(
  machine: Machine,
  name: string,
  bases: readonly Value[],
  body: readonly Statement[],
  scope: Scope,
): Value {
  const own = new Scope(scope.place, "class", scope);
  const behaviours = bases.flatMap((base) => (base.kind === "object" ? [base.behaviour] : []));
  machine.run(body, own);
  const subclass = behaviours.find((base) => base.subclass)?.subclass;
  const inherited = (attribute: string): Value | undefined =>
    behaviours.map((base) => base.attribute?.(attribute)).find((found) => found);
  const read = (attribute: string): Value | undefined => own.names.get(attribute) ?? inherited(attribute);
  if (subclass) {
    const lines = new Map(body.map((statement) => [nameOfField(statement), statement.line]));
    const made = subclass({
      name,
      names: own.names,
      inherited,
      annotations: annotationsOf(body),
      where: (field, run) => {
        machine.record.at(scope.place, lines.get(field) ?? body[0]?.line ?? 1);
        return run();
      },
    });
    return made.kind === "object" ? object({ ...made.behaviour, subclass }) : made;
  }
  const behaviour: Behaviour = {
    label: name,
    attribute: read,
    setAttribute: (attribute, value) => own.names.set(attribute, value),
    call: (args) => instance(machine, read, args),
  };
  return object(behaviour);
}

function instance(machine: Machine, read: (name: string) => Value | undefined, args: Arguments): Value {
  const own = new Map<string, Value>();
  const self: Value = object({
    attribute: (name) => own.get(name) ?? bound(machine, read(name), self),
    setAttribute: (name, value) => own.set(name, value),
    call: (inner) => machine.call(bound(machine, read("__call__"), self) ?? unknown, inner),
    item: (key) => machine.call(bound(machine, read("__getitem__"), self) ?? unknown, given(key)),
  });
  const initialize = bound(machine, read("__init__"), self);
  if (initialize) {
    machine.call(initialize, args);
  }
  return self;
}

function given(...positional: Value[]): Arguments {
  return { positional, named: new Map() };
}

/** What an attribute of a class is on an object of it: a function takes the object first. */
function bound(machine: Machine, value: Value | undefined, self: Value): Value | undefined {
  const label = value?.kind === "object" ? value.behaviour.label : undefined;
  if (value === undefined || (label !== "function" && label !== "property")) {
    return value;
  }
  const withSelf = (args: Arguments) =>
    machine.call(value, { positional: [self, ...args.positional], named: args.named });
  return label === "property" ? withSelf(given()) : callable(withSelf);
}

function nameOfField(statement: Statement): string {
  const [target] = statement.kind === "assign" ? statement.targets : [];
  return target?.kind === "name" ? target.name : "";
}

function annotationsOf(body: readonly Statement[]): Map<string, string> {
  const annotated = body.flatMap((statement): [string, string][] =>
    statement.kind === "assign" && statement.annotation
      ? [[nameOfField(statement), written(statement.annotation)]]
      : [],
  );
  return new Map(annotated);
}

/** A type as it is written: `list[str]`, `bool | None`. */
function written(type: Expression): string {
  switch (type.kind) {
    case "name":
      return type.name;
    case "attribute":
      return `${written(type.object)}.${type.name}`;
    case "subscript":
      return `${written(type.object)}[${written(type.index)}]`;
    case "binary":
      return `${written(type.left)} ${type.operator} ${written(type.right)}`;
    case "tuple":
      return type.items.map(written).join(", ");
    case "text":
      return type.text;
    case "none":
      return "None";
    default:
      return "?";
  }
}
