import { copied, derived, equal, union, unknown, withUnder, type Names, type Value } from "./values";

/** Where a module is: what messages and imports need of it. */
export interface ModulePlace {
  /** Dotted name, such as `shop.settings.base`. */
  name: string;
  /** Path relative to the project. */
  file: string;
  isPackage: boolean;
}

/** The names of a module, a class or a function. */
export class Scope {
  names = new Map<string, Value>();
  /** Variables that the conditions of a function have asked for. */
  conditions: Names = new Set();
  /** What a function may return from branches of which nobody can say whether they are reached. */
  readonly alternatives: Value[] = [];

  constructor(
    readonly place: ModulePlace,
    readonly kind: "module" | "class" | "function",
    readonly parent?: Scope,
  ) {}

  /** Names that a function has declared to be those around it. */
  readonly outer = new Set<string>();

  /** Gives a value to a name, here or where the name was declared to be. */
  assign(name: string, value: Value): void {
    if (this.outer.has(name) && this.parent) {
      this.parent.assign(name, value);
    } else {
      this.names.set(name, value);
    }
  }

  /** Notes a condition that decides what a function returns. */
  depends(condition: Value): void {
    this.conditions = union(this.conditions, union(condition.from, condition.under));
  }

  /** What a function returns, given what its last statement returns. */
  returned(value: Value): Value {
    const isSure = this.alternatives.every((other) => equal(value, other) === true) || value.kind === "dict";
    return withUnder(derived(isSure ? value : unknown, value, ...this.alternatives), this.conditions);
  }

  find(name: string): Value | undefined {
    const own = this.names.get(name);
    if (own) {
      return own;
    }
    // A class's names are not seen from the functions in it.
    let parent = this.parent;
    while (parent && parent.kind === "class") {
      parent = parent.parent;
    }
    return parent?.find(name);
  }

  /** The names themselves that a function of Python returns, such as `globals`; undefined for another function. */
  namesBy(builtin: string): Map<string, Value> | undefined {
    if (!/^(locals|globals|vars)$/.test(builtin) || this.find(builtin) !== undefined) {
      return undefined;
    }
    return builtin === "globals" && this.parent !== undefined ? this.parent.namesBy(builtin) : this.names;
  }

  /** Runs something whose changes of names are forgotten. */
  apart<T>(run: () => T): T {
    const before = this.names;
    this.names = new Map([...before].map(([name, value]) => [name, copied(value)]));
    try {
      return run();
    } finally {
      this.names = before;
    }
  }
}
