import type { Expression, Parameter, Statement } from "../python/syntax";
import type { ModulePlace, Scope } from "./scope";
import type { Arguments, Names, Value } from "./values";

/** One time that settings ask for an environment variable. */
export interface Read {
  name: string;
  /** Such as `shop/settings.py:12`. */
  where: string;
  /** Given where a value without the variable is written. */
  default: Value | undefined;
  /** Whether it is asked for with the environment of the evaluation. */
  isReached: boolean;
}

/** An error of Python that a `try` of the project catches. */
export class Raised extends Error {
  constructor(
    readonly type: string | undefined,
    readonly from: Names,
  ) {
    super(type);
  }
}

/** How a body was left. */
export type Flow = { kind: "return"; value: Value } | { kind: "break" | "continue" | "raise" } | undefined;

/** What the parts of the interpreter, and the libraries that it stands in for, ask of one another. */
export interface Machine {
  readonly record: ReadRecord;
  evaluate(expression: Expression, scope: Scope): Value;
  run(body: readonly Statement[], scope: Scope): Flow;
  call(callee: Value, args: Arguments): Value;
  attribute(object: Value, name: string): Value;
  assign(target: Expression, value: Value, scope: Scope): void;
  makeFunction(parameters: Parameter[], body: Statement[] | Expression, scope: Scope): Value;
  makeClass(name: string, bases: Value[], body: Statement[], scope: Scope): Value;
  /** A name that no scope has: `int`, `len`. */
  builtin(name: string): Value;
  /** A module of the project, or what stands for one of a package. */
  module(name: string): Value;
  /** Its names, where it is a module of the project. */
  moduleScope(name: string): Scope | undefined;
  /** Whether a module would be one of the project, beside others of it, and is not there. */
  isAbsent(name: string): boolean;
  /** Runs the files that a pattern names relative to a module, in its scope. */
  include(pattern: string, scope: Scope): void;
}

/** What an environment gives, and what is asked of it. */
export interface ReadRecord {
  readonly environment: ReadonlyMap<string, string>;
  /** A variable's value; unset, what `fallback` is, else an error of the type `missing`. */
  read(name: string, fallback: Value | undefined, missing: string): Value;
  /** Whether a variable is set. */
  has(name: string): Value;
  /** The settings fail here. Without a `try` that catches it, the variables are needed. */
  fail(type: string | undefined, from: Names): Value;
  /** The texts that a value made of variables was compared with. */
  compared(value: Value, other: Value): void;
  /** Variables that the conditions around ask for. */
  readonly guards: Names;
  /** Of these variables, else of those that the conditions around ask for, those that are not set. */
  blame(conditions: Names): Names;
  /** A file is read, whose path is made of these variables. */
  opens(place: string, from: Names): void;
  /** A module of the project is imported that is not there. */
  misses(name: string): void;
  /** The version of an installed package is asked for. */
  asksVersion(name: string): void;
  /** A variable that settings set themselves, by `os.environ.setdefault`. */
  set(name: string, value: Value): void;
  /** Runs what depends on a condition. */
  guarded<T>(condition: Value, run: () => T): T;
  /** Whether what is not reached is run too, to see what it reads. */
  readonly explores: boolean;
  /** Runs what is not reached with this environment. */
  unreached<T>(run: () => T): T;
  readonly isUnreached: boolean;
  /** Runs what may be reached or not, for all that is known. */
  unsure<T>(run: () => T): T;
  readonly isUnsure: boolean;
  /** Runs what something else is taken in place of: nothing that it reads is needed. */
  besides<T>(run: () => T): T;
  /** Runs the body of a `try` whose handlers catch these types; `undefined` catches all. */
  catching<T>(types: readonly string[] | undefined, run: () => T): T;
  /** Where the outermost statement stands, which is the one that a reader looks for. */
  at(place: ModulePlace, line: number): void;
  /** Notes where a name of a module or a class gets its value. */
  named(name: string): void;
  /** Functions that call one another at the moment. */
  readonly depth: number;
  /** Runs the body of a function, whose lines are not told. */
  inside<T>(run: () => T): T;
  /** Runs a module, whose lines are told wherever it is imported. */
  outside<T>(run: () => T): T;
  /** Takes a step; false when there were too many. */
  step(): boolean;
}
