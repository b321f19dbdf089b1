import { problem } from "../../../../components/config/checks";

/** One of the apps of a stack. */
export interface App {
  /** Also the namespace's. */
  name: string;
  image: string;
  replicas: number;
}

// The longest name derived from it, `<name>-service`, has to be a DNS label too.
const namePattern = /^[a-z]([a-z0-9-]{0,53}[a-z0-9])?$/;
const imagePattern = /^[a-z0-9][a-z0-9._/:-]*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

const list = { allowed: "a list of names, or of objects with name, image and replicas", example: "" };
const setting = "--path 'apps[0]' shop";

/**
 * The apps that the config key `apps` names, in its order.
 *
 * @param text the key's JSON
 * @param image reference for the apps that name none
 * @throws a `Problem` that names the entry, its value and what is allowed
 */
export function parseApps(text: string | undefined, image?: string): App[] {
  const entries = parseList(text);
  const apps = entries.map((entry, index) => parseApp(entry, `apps[${index}]`, image));
  const names = new Map<string, number>();
  for (const [index, { name }] of apps.entries()) {
    const first = names.get(name);
    if (first !== undefined) {
      const allowed = `a name that no other app has, and apps[${first}] has this one`;
      throw problem(`apps[${index}]`, name, { allowed, example: "" }, `--path 'apps[${index}]' ${name}-2`);
    }
    names.set(name, index);
  }
  return apps;
}

function parseList(text: string | undefined): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    throw problem("apps", text, list, setting);
  }
  if (!Array.isArray(value)) {
    throw problem("apps", text, list, setting);
  }
  return value as unknown[];
}

function parseApp(entry: unknown, key: string, defaultImage: string | undefined): App {
  if (typeof entry === "string") {
    return parseApp({ name: entry }, key, defaultImage);
  }
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    throw problem(key, JSON.stringify(entry), { ...list, allowed: "a name or an object" }, setting);
  }
  const { name, image = defaultImage, replicas = 1 } = entry as Record<string, unknown>;
  const refuse = (field: string, value: unknown, allowed: string, example: string): Error => {
    const shown = value === undefined || typeof value === "string" ? value : JSON.stringify(value);
    return problem(`${key}.${field}`, shown, { allowed, example }, `--path '${key}.${field}' ${example}`);
  };
  if (typeof name !== "string" || !namePattern.test(name)) {
    throw refuse("name", name, "a DNS label of at most 55 characters that begins with a letter", "shop");
  }
  if (typeof image !== "string" || !imagePattern.test(image)) {
    throw refuse("image", image, "an image reference with a tag", "registry.example/shop:1");
  }
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0 || replicas > 1000) {
    throw refuse("replicas", replicas, "a whole number from 0 to 1000", "1");
  }
  return { name, image, replicas };
}
