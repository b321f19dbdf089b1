/** One property before and after a change; undefined on a side that lacks it. */
export interface PropertyChange {
  /** Such as `spec.replicas`. An element of a list is named by its `name`, if each element has one. */
  path: string;
  before: unknown;
  after: unknown;
}

export const secret = "[secret]";

/** What the engine prints for a value that is known only after the update. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const knownAfterUpdate = "(known after the update)";

/** The key with which the engine marks secrets and other special values when it serializes them. */
const signature = "4dabf18193072939515e22adb298388d";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value with secrets and unknown values replaced by words. */
export function shown(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shown);
  }
  if (isFields(value)) {
    return signature in value ? secret : Object.fromEntries(Object.keys(value).map((key) => [key, shown(value[key])]));
  }
  return typeof value === "string" && value.includes(unknownValue) ? knownAfterUpdate : value;
}

/** Every leaf in which two values differ, ordered by path. Lists whose elements have names are compared by name. */
export function diffProperties(before: unknown, after: unknown, path = ""): PropertyChange[] {
  if (isFields(before) && isFields(after) && !(signature in before) && !(signature in after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => diffProperties(before[key], after[key], join(path, key)));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return diffLists(before, after, path);
  }
  return sameValue(before, after) ? [] : [{ path, before: shown(before), after: shown(after) }];
}

/** Every leaf of a value, ordered by path. */
export function leaves(value: unknown, path = ""): { path: string; value: unknown }[] {
  if (isFields(value) && !(signature in value) && Object.keys(value).length > 0) {
    const keys = Object.keys(value).sort();
    return keys.flatMap((key) => leaves(value[key], join(path, key)));
  }
  if (Array.isArray(value) && value.length > 0) {
    const names = uniqueNames(value);
    return value.flatMap((each, index) => leaves(each, `${path}[${names?.[index] ?? index}]`));
  }
  return [{ path, value: shown(value) }];
}

function diffLists(before: unknown[], after: unknown[], path: string): PropertyChange[] {
  const oldNames = uniqueNames(before);
  const newNames = uniqueNames(after);
  if (oldNames === undefined || newNames === undefined) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      diffProperties(before[index], after[index], `${path}[${index}]`),
    );
  }
  const changes = [...oldNames, ...newNames.filter((name) => !oldNames.includes(name))].flatMap((name) =>
    diffProperties(before[oldNames.indexOf(name)], after[newNames.indexOf(name)], `${path}[${name}]`),
  );
  const moved = changes.length === 0 && oldNames.join("\n") !== newNames.join("\n");
  return moved ? [{ path: `${path} (order)`, before: oldNames, after: newNames }] : changes;
}

/** The names of a list's elements; undefined unless each has one, and all differ. */
function uniqueNames(list: unknown[]): string[] | undefined {
  const names = list.map((each) => (isFields(each) ? each["name"] : undefined));
  return names.every((name) => typeof name === "string") && new Set(names).size === names.length ? names : undefined;
}

function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(shown(one)) === JSON.stringify(shown(other));
}

function join(path: string, key: string): string {
  const plain = /^[A-Za-z_][\w-]*$/.test(key);
  return plain ? `${path}${path === "" ? "" : "."}${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** The value at a path in the engine's notation: `spec.ports[0].name`, `metadata.labels["a.b/c"]`. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const step of steps(path)) {
    if (value === secret || (isFields(value) && signature in value)) {
      return secret;
    }
    value = Array.isArray(value) ? (value as unknown[])[Number(step)] : isFields(value) ? value[step] : undefined;
  }
  return value;
}

/** An engine's path as in `PropertyChange`: elements of a list are named by their `name`, if each has one. */
export function namedPath(root: unknown, path: string): string {
  let value = root;
  let named = "";
  for (const step of steps(path)) {
    if (Array.isArray(value)) {
      const element = (value as unknown[])[Number(step)];
      const names = uniqueNames(value as unknown[]);
      named += `[${names?.[Number(step)] ?? step}]`;
      value = element;
    } else {
      named = join(named, step);
      value = isFields(value) ? value[step] : undefined;
    }
  }
  return named;
}

function steps(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted?.replace(/\\(.)/g, "$1") ?? index ?? plain ?? "",
  );
}
