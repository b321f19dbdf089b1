import type { Expression, Parameter, Statement } from "../python/syntax";
import { builtinOf } from "../libraries/builtins";
import { libraryModule } from "../libraries/libraries";
import { projectRoot } from "../libraries/paths";
import { evaluate } from "./expressions";
import { assign } from "./assignment";
import { makeClass } from "./classes";
import { makeFunction } from "./functions";
import type { Flow, Machine } from "./machine";
import { dictMethod, listMethod } from "./methods";
import { textMethod } from "./textMethods";
import type { Recording } from "./record";
import { Scope, type ModulePlace } from "./scope";
import { run } from "./statements";
import {
  callable,
  derived,
  namesIn,
  object,
  plainText,
  text,
  unknown,
  withFrom,
  type Arguments,
  type Value,
} from "./values";

/** A module of the project, read. */
export interface ProjectModule extends ModulePlace {
  body: Statement[];
}

/** Where an interpreter finds the modules of the project. */
export interface ProjectModules {
  find(name: string): ProjectModule | undefined;
  /** Whether a module or a package of this name is there, also one without a file. */
  has(name: string): boolean;
  /** Files that a pattern names, relative to a module's folder. */
  matching(pattern: string, place: ModulePlace): ProjectModule[];
}

/** Settings import some modules of the project, and those import others: what stands further off says little of them. */
const maximumModules = 60;

/** Tells what settings are with an environment, without running Python. */
export class Interpreter implements Machine {
  readonly #scopes = new Map<string, { scope: Scope; isReached: boolean }>();
  readonly #libraries = new Map<string, Value>();

  constructor(
    readonly record: Recording,
    readonly modules: ProjectModules,
    /** How many modules it runs at most; to it, the others have no names. */
    readonly most = maximumModules,
  ) {}

  evaluate(expression: Expression, scope: Scope): Value {
    return evaluate(this, expression, scope);
  }

  run(body: readonly Statement[], scope: Scope): Flow {
    return run(this, body, scope);
  }

  assign(target: Expression, value: Value, scope: Scope): void {
    assign(this, target, value, scope);
  }

  makeFunction(parameters: Parameter[], body: Statement[] | Expression, scope: Scope): Value {
    return makeFunction(this, parameters, body, scope);
  }

  makeClass(name: string, bases: Value[], body: Statement[], scope: Scope): Value {
    return makeClass(this, name, bases, body, scope);
  }

  builtin(name: string): Value {
    return builtinOf(name, this);
  }

  call(callee: Value, args: Arguments): Value {
    const { call } = callee.kind === "object" ? callee.behaviour : {};
    const result = call ? call(args) : this.#unknownCall(callee, args);
    return withFrom(result, callee.from);
  }

  /** A function of a package that is not known: named like one that reads variables, it is taken for one. */
  #unknownCall(callee: Value, args: Arguments): Value {
    const all = [...args.positional, ...args.named.values()];
    const origin = derived(unknown, ...all.map((value) => withFrom(value, namesIn(value))));
    const label = callee.kind === "unknown" ? callee.label : undefined;
    const name = plainText(args.positional[0]);
    if (label !== undefined && readsVariables(label) && name !== undefined && /^[A-Z][A-Z0-9_]*$/.test(name)) {
      const fallback = args.named.get("default") ?? args.positional[1];
      return withFrom(unknown, this.record.read(name, fallback, "KeyError").from);
    }
    return origin;
  }

  attribute(holder: Value, name: string): Value {
    switch (holder.kind) {
      case "object":
        return withFrom(holder.behaviour.attribute?.(name) ?? unknown, holder.from);
      case "text":
        return callable((args) => textMethod(name, holder, args));
      case "list":
      case "dict":
        // Of a value of django-configurations, which is its default here: no list or dict has such an attribute.
        if (name === "default" || name === "value") {
          return holder;
        }
        return callable((args) =>
          holder.kind === "list" ? listMethod(this, name, holder, args) : dictMethod(this, name, holder, args),
        );
      case "none":
        return this.record.fail("AttributeError", holder.from);
      case "unknown":
        return { ...derived(unknown, holder), ...(holder.label ? { label: `${holder.label}.${name}` } : {}) };
      default:
        return derived(unknown, holder);
    }
  }

  module(name: string): Value {
    if (this.modules.has(name)) {
      return object({
        label: name,
        attribute: (attribute) =>
          this.moduleScope(name)?.names.get(attribute) ??
          (this.modules.has(`${name}.${attribute}`) ? this.module(`${name}.${attribute}`) : undefined),
      });
    }
    const known = this.#libraries.get(name) ?? libraryModule(name, this);
    this.#libraries.set(name, known);
    return known;
  }

  isAbsent(name: string): boolean {
    const parent = name.split(".").slice(0, -1).join(".");
    return parent !== "" && this.modules.has(parent) && !this.modules.has(name);
  }

  moduleScope(name: string): Scope | undefined {
    const known = this.#scopes.get(name);
    if (known && (known.isReached || this.record.isUnreached)) {
      return known.scope;
    }
    const module = known !== undefined || this.#scopes.size < this.most ? this.modules.find(name) : undefined;
    return module && this.execute(module, name);
  }

  include(pattern: string, scope: Scope): void {
    for (const module of this.modules.matching(pattern, scope.place)) {
      this.record.outside(() => {
        const inner = new Scope(module, "module");
        inner.names = scope.names;
        this.run(module.body, inner);
      });
    }
  }

  /** Runs a module's statements. A module that is being imported again has the names that it has by then. */
  execute(module: ProjectModule, name: string): Scope {
    const scope = new Scope(module, "module");
    this.#scopes.set(name, { scope, isReached: !this.record.isUnreached });
    scope.names.set("__name__", text(name));
    scope.names.set("__file__", text(`${projectRoot}/${module.file}`));
    this.record.outside(() => this.run(module.body, scope));
    return scope;
  }
}

/** Whether a function's name says that it reads variables: `getenv.env`, `tools.get_env_value`, `prettyconf.config`. */
function readsVariables(label: string): boolean {
  const words = (label.split(".").at(-1) ?? "").toLowerCase().split("_");
  const holders = label.toLowerCase().split(".").slice(-2);
  return (
    words.some((word) => /^(get)?env(iron|ironment)?$/.test(word)) ||
    holders.some((name) => name === "config" || name === "env")
  );
}
