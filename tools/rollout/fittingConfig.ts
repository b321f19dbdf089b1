import { billionths } from "../../components/config/quantity";

/** A config key, and a value with which the cluster takes the pods. */
export interface Setting {
  key: string;
  value: string;
}

/** What is enough for a small project, in both units of quantities that are set. */
const least = { cpu: "50m", memory: "64Mi" };
const units = { cpu: "m", memory: "Mi" };
type Resource = keyof typeof units;

/** Config keys by the resource that a quota counts, with a usual value. */
const counted: Record<string, Setting & { resource: Resource }> = {
  cpu: { key: "cpuRequest", resource: "cpu", value: "100m" },
  memory: { key: "memoryRequest", resource: "memory", value: "128Mi" },
  "requests.cpu": { key: "cpuRequest", resource: "cpu", value: "100m" },
  "requests.memory": { key: "memoryRequest", resource: "memory", value: "128Mi" },
  "limits.cpu": { key: "cpuLimit", resource: "cpu", value: "1" },
  "limits.memory": { key: "memoryLimit", resource: "memory", value: "512Mi" },
};

/** What a quota says of a pod that exceeds it: amounts such as "limits.memory=512Mi,pods=1". */
export interface Excess {
  requested: string;
  used: string;
  limited: string;
}

/**
 * What lets a quota take a pod; nothing where no config does so.
 *
 * @param fewerReplicas that the stack could do with; undefined where it has no more
 */
export function quotaSettings({ requested, used, limited }: Excess, fewerReplicas: number | undefined): Setting[] {
  const [taken, most] = [amounts(used), amounts(limited)];
  const settings = [...amounts(requested).keys()].map((name): Setting | undefined => {
    if (name === "pods") {
      return fewerReplicas === undefined ? undefined : { key: "replicas", value: String(fewerReplicas) };
    }
    const { key, resource } = counted[name] ?? {};
    const room = (billionths(most.get(name) ?? "") ?? 0n) - (billionths(taken.get(name) ?? "") ?? 0n);
    return key === undefined || resource === undefined || room < inBillionths(least[resource])
      ? undefined
      : { key, value: roundedDown(room, resource) };
  });
  // To lower one of two that are exceeded is of no help.
  return settings.includes(undefined) ? [] : distinct(settings as Setting[]);
}

/** What a quota counts and pods do not say, such as "limits.cpu for: a; requests.cpu,requests.memory for: a". */
export function usualSettings(missing: string): Setting[] {
  const names = missing.split(";").flatMap((each) => (each.split(" for:")[0] ?? "").split(","));
  return distinct(names.flatMap((name) => counted[name.trim()] ?? []));
}

/** What a LimitRange allows of what it refuses: https://github.com/kubernetes/kubernetes, limitranger/admission.go. */
export function limitSettings(message: string): Setting[] {
  const bounds = /(?:maximum|minimum) (cpu|memory) usage per \w+ is (\w+)[,.] (?:but|No) (request|limit) is/g;
  const ratios = /\b(cpu|memory) max limit to request ratio per/g;
  return distinct([
    ...[...message.matchAll(bounds)].map(([, resource, value = "", of]) => ({
      key: of === "request" ? `${resource ?? ""}Request` : `${resource ?? ""}Limit`,
      value,
    })),
    // A limit that equals the request is within every ratio.
    ...[...message.matchAll(ratios)].flatMap(([, resource]) => {
      const value = resource === "cpu" ? "500m" : "512Mi";
      return [
        { key: `${resource ?? ""}Request`, value },
        { key: `${resource ?? ""}Limit`, value },
      ];
    }),
  ]);
}

/** Twice as much memory, in whole units. */
export function twice(memory: string): string {
  const mebibytes = (2n * inBillionths(memory)) / inBillionths("1Mi");
  return mebibytes % 1024n === 0n ? `${mebibytes / 1024n}Gi` : `${mebibytes}Mi`;
}

/** Whether an amount is more than another. */
export function isMore(amount: string, than: string): boolean {
  return inBillionths(amount) > inBillionths(than);
}

function amounts(text: string): Map<string, string> {
  return new Map(
    text.split(",").map((each) => {
      const [name = "", amount = ""] = each.split("=");
      return [name, amount];
    }),
  );
}

const inBillionths = (quantity: string): bigint => billionths(quantity) ?? 0n;

function roundedDown(amount: bigint, resource: Resource): string {
  return `${amount / inBillionths(`1${units[resource]}`)}${units[resource]}`;
}

/** The first of each key. */
const distinct = (settings: readonly Setting[]): Setting[] =>
  settings
    .filter(({ key }, index) => settings.findIndex((each) => each.key === key) === index)
    .map(({ key, value }) => ({ key, value }));
