import { Raised, type Read, type ReadRecord } from "./machine";
import type { ModulePlace } from "./scope";
import { boolean, text, union, unknown, withFrom, type Names, type Value } from "./values";

/** Steps of one evaluation: a large project's settings take some ten thousand. */
const maximumSteps = 400_000;

/** Keeps what an evaluation reads. */
export class Recording implements ReadRecord {
  readonly reads: Read[] = [];
  /** Variables without which the settings fail. */
  readonly needed = new Set<string>();
  /** For each variable the texts that it is compared with. */
  readonly comparisons = new Map<string, Set<string>>();
  /** Where names of modules and classes get their values. */
  readonly places = new Map<string, string>();
  /** What settings set themselves. */
  readonly assigned = new Map<string, Value>();
  readonly assignedAt = new Map<string, string>();
  /** Files that are read by paths without a variable, with where; the first of each. */
  readonly opened = new Map<string, string>();
  /** Packages whose versions are read, with where; the first of each. */
  readonly versions = new Map<string, string>();
  /** Modules of the project that are imported and are not there, with where. */
  readonly missed = new Map<string, string>();
  #guards: Names[] = [];
  /** How many calls of each are under way. */
  #within = { unreached: 0, unsure: 0, besides: 0 };
  #functions = 0;
  #depth = 0;
  #steps = 0;
  #where = "";
  #innermost = "";
  #catching: (readonly string[] | undefined)[] = [];

  constructor(
    readonly environment: ReadonlyMap<string, string>,
    readonly explores = true,
  ) {}

  get guards(): Names {
    return this.#guards.reduce(union, new Set<string>());
  }

  blame(conditions: Names): Names {
    for (const names of [conditions, ...this.#guards.toReversed()]) {
      const unset = [...names].filter((name) => !this.environment.has(name));
      const plain = unset.filter((name) => !name.endsWith("_FILE"));
      if (unset.length > 0) {
        return new Set(plain.length > 0 ? plain : unset);
      }
    }
    return new Set();
  }

  get isUnreached(): boolean {
    return this.#within.unreached > 0;
  }

  read(name: string, fallback: Value | undefined, missing: string): Value {
    this.reads.push({ name, where: this.#where, default: fallback, isReached: !this.isUnreached });
    const from = new Set([name]);
    const set = this.environment.get(name);
    if (set !== undefined) {
      return withFrom(text(set), from);
    }
    const assigned = this.assigned.get(name);
    if (assigned) {
      return withFrom(assigned, from);
    }
    return fallback ? withFrom(fallback, from) : this.fail(missing, from);
  }

  opens(place: string, from: Names): void {
    if (from.size === 0 && this.#isCertain() && !this.opened.has(place)) {
      this.opened.set(place, this.#where);
    }
  }

  asksVersion(name: string): void {
    if (this.#isCertain() && !this.versions.has(name)) {
      this.versions.set(name, this.#innermost);
    }
  }

  misses(name: string): void {
    if (this.#isCertain() && this.guards.size === 0 && !this.missed.has(name)) {
      this.missed.set(name, this.#innermost);
    }
  }

  /** Whether what runs is reached for all that is known, and nothing catches an error: what may be missing is left out. */
  #isCertain(): boolean {
    return !this.isUnreached && !this.isUnsure && this.#catching.length === 0;
  }

  set(name: string, value: Value): void {
    this.assigned.set(name, value);
    this.assignedAt.set(name, this.#innermost);
  }

  has(name: string): Value {
    this.reads.push({ name, where: this.#where, default: unknown, isReached: !this.isUnreached });
    return withFrom(boolean(this.environment.has(name)), new Set([name]));
  }

  fail(type: string | undefined, from: Names): Value {
    if (this.#within.unreached === 0) {
      if (this.#catching.some((types) => catches(types, type))) {
        throw new Raised(type, from);
      }
      for (const name of this.#within.besides > 0 ? [] : from) {
        this.needed.add(name);
      }
    }
    return withFrom(unknown, from);
  }

  compared(value: Value, other: Value): void {
    const texts = other.kind === "list" ? other.items.flatMap((item) => (item.kind === "text" ? [item.text] : [])) : [];
    for (const name of value.from) {
      const known = this.comparisons.get(name) ?? new Set();
      for (const one of other.kind === "text" ? [other.text] : texts) {
        known.add(one);
      }
      this.comparisons.set(name, known);
    }
  }

  guarded<T>(condition: Value, run: () => T): T {
    this.#guards.push(union(condition.from, condition.under));
    try {
      return run();
    } finally {
      this.#guards.pop();
    }
  }

  unreached<T>(run: () => T): T {
    return this.#count("unreached", run);
  }

  get isUnsure(): boolean {
    return this.#within.unsure > 0;
  }

  unsure<T>(run: () => T): T {
    return this.#count("unsure", run);
  }

  besides<T>(run: () => T): T {
    return this.#count("besides", run);
  }

  #count<T>(what: "unreached" | "unsure" | "besides", run: () => T): T {
    this.#within[what] += 1;
    try {
      return run();
    } finally {
      this.#within[what] -= 1;
    }
  }

  catching<T>(types: readonly string[] | undefined, run: () => T): T {
    this.#catching.push(types);
    try {
      return run();
    } finally {
      this.#catching.pop();
    }
  }

  at(place: ModulePlace, line: number): void {
    this.#innermost = `${place.file}:${line}`;
    if (this.#functions === 0) {
      this.#where = `${place.file}:${line}`;
    }
  }

  named(name: string): void {
    if (this.#within.unreached === 0) {
      this.places.set(name, this.#where);
    }
  }

  get depth(): number {
    return this.#depth;
  }

  inside<T>(run: () => T): T {
    const where = this.#where;
    this.#functions += 1;
    this.#depth += 1;
    try {
      return run();
    } finally {
      this.#functions -= 1;
      this.#depth -= 1;
      this.#where = where;
    }
  }

  outside<T>(run: () => T): T {
    const [where, functions] = [this.#where, this.#functions];
    this.#functions = 0;
    try {
      return run();
    } finally {
      this.#functions = functions;
      this.#where = where;
    }
  }

  step(): boolean {
    this.#steps += 1;
    return this.#steps < maximumSteps;
  }
}

/** Whether handlers of these types catch an error of that type. */
export function catches(types: readonly string[] | undefined, type: string | undefined): boolean {
  if (types === undefined) {
    return true;
  }
  const parents: Record<string, string> = {
    KeyError: "LookupError",
    IndexError: "LookupError",
    ModuleNotFoundError: "ImportError",
  };
  const names = [type, type && parents[type], "Exception", "BaseException"];
  return types.some((name) => names.includes(name));
}
