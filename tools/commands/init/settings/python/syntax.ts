/** Python as far as settings need it: a syntax tree without what has no meaning for a value. */

/** An argument of a call, or a base of a class. */
export interface Argument {
  /** Of `name=value`. */
  name: string | undefined;
  /** `*value` and `**value`. */
  unpacks: boolean;
  value: Expression;
}

/** A parameter of a function. */
export interface Parameter {
  name: string;
  /** `rest` takes the positional arguments that are left, `keywords` the named ones. */
  takes: "one" | "rest" | "keywords";
  default: Expression | undefined;
}

/** `for target in iterable`, or `if test`, of a comprehension. */
export type Clause = { kind: "for"; targets: Expression[]; iterable: Expression } | { kind: "if"; test: Expression };

/** `key: value` of a dict; without a key it is `**value`. */
export interface Entry {
  key: Expression | undefined;
  value: Expression;
}

export type Expression =
  | { kind: "text"; text: string }
  | { kind: "joined"; parts: Expression[] }
  | { kind: "number"; number: number }
  | { kind: "boolean"; boolean: boolean }
  | { kind: "none" }
  | { kind: "name"; name: string }
  | { kind: "attribute"; object: Expression; name: string }
  | { kind: "subscript"; object: Expression; index: Expression; line: number }
  | { kind: "slice"; object: Expression; start: Expression | undefined; stop: Expression | undefined }
  | { kind: "call"; callee: Expression; arguments: Argument[]; line: number }
  | { kind: "list" | "tuple" | "set"; items: Expression[] }
  | { kind: "starred"; value: Expression }
  | { kind: "dict"; entries: Entry[] }
  | { kind: "binary"; operator: string; left: Expression; right: Expression }
  | { kind: "unary"; operator: string; operand: Expression }
  | { kind: "conditional"; test: Expression; then: Expression; otherwise: Expression }
  | { kind: "lambda"; parameters: Parameter[]; body: Expression }
  | { kind: "comprehension"; result: "list" | "set" | "dict"; entry: Entry; clauses: Clause[] }
  | { kind: "walrus"; name: string; value: Expression }
  /** What is not understood, with the expressions in it. */
  | { kind: "other"; parts: Expression[] };

/** A branch of `if` or a handler of `try`; without a test it is `else` or a bare `except`. */
export interface Branch {
  test: Expression | undefined;
  body: Statement[];
}

export type Statement = { line: number } & (
  | { kind: "assign"; targets: Expression[]; annotation: Expression | undefined; value: Expression | undefined }
  | { kind: "delete"; targets: Expression[] }
  | { kind: "update"; target: Expression; operator: string; value: Expression }
  | { kind: "expression"; value: Expression }
  | { kind: "import"; modules: { name: string; as: string | undefined }[] }
  | { kind: "importFrom"; level: number; module: string; names: { name: string; as: string }[] | "*" }
  | { kind: "function"; name: string; parameters: Parameter[]; body: Statement[]; decorators: Expression[] }
  | { kind: "class"; name: string; bases: Argument[]; body: Statement[] }
  | { kind: "if"; branches: Branch[] }
  | { kind: "for"; targets: Expression[]; iterable: Expression; body: Statement[] }
  | { kind: "while"; test: Expression; body: Statement[] }
  | { kind: "with"; items: { value: Expression; as: string | undefined }[]; body: Statement[] }
  | { kind: "try"; body: Statement[]; handlers: Branch[]; otherwise: Statement[]; last: Statement[] }
  | { kind: "return"; value: Expression | undefined }
  | { kind: "raise"; value: Expression | undefined }
  | { kind: "global"; names: string[] }
  | { kind: "assert"; test: Expression }
  | { kind: "break" }
  | { kind: "continue" }
);

/** A file's statements, and the lines whose syntax could not be read. */
export interface SourceFile {
  body: Statement[];
  errorLines: number[];
}
