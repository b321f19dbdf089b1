import { Problem } from "../problem";
import { type Check, problem, settingOf } from "./checks";

// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
const grammar = /^\+?([0-9]+\.?[0-9]*|\.[0-9]+)(?:([numkMGTPE]?)|([KMGTPE])i|[eE]([+-]?[0-9]{1,2}))$/;
const tens: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const powersOf1024 = ["K", "M", "G", "T", "P", "E"];

/** Kubernetes rounds up to billionths, and takes no more than this many whole units. */
const billion = 10n ** 9n;
const most = 2n ** 63n;

/** A quantity in billionths of its unit, rounded up as by Kubernetes; undefined for what is none, or is too large. */
export function billionths(text: string): bigint | undefined {
  const [, number = "", ten = "", binary, exponent] = grammar.exec(text) ?? [];
  if (number === "") {
    return undefined;
  }
  const [whole = "", fraction = ""] = number.split(".");
  const factor = binary === undefined ? 1n : 1024n ** BigInt(powersOf1024.indexOf(binary) + 1);
  const power = 9 - fraction.length + (exponent === undefined ? (tens[ten] ?? 0) : Number(exponent));
  const digits = BigInt(whole + fraction) * factor;
  const divisor = 10n ** BigInt(Math.max(0, -power));
  const value = power >= 0 ? digits * 10n ** BigInt(power) : (digits + divisor - 1n) / divisor;
  return value < most * billion ? value : undefined;
}

/** Of a resource: what is surely a mistake below and above. */
interface Bounds {
  least: string;
  most?: string;
}

function quantity(example: string, bounds: Bounds): Check<string> {
  const [least = 0n, most] = [bounds.least, bounds.most].map((each) => (each ? billionths(each) : undefined));
  const range = bounds.most === undefined ? `of at least ${bounds.least}` : `from ${bounds.least} to ${bounds.most}`;
  return (key, value = "") => {
    const amount = billionths(value);
    if (amount === undefined || amount < least || (most !== undefined && amount > most)) {
      throw problem(key, value === "" ? undefined : value, {
        allowed: `a Kubernetes quantity ${range}, such as ${example}`,
        example,
      });
    }
    return value;
  };
}

/** CPU, in cores. No machine has as many as `100Mi` would be. */
export const cpu = (example: string): Check<string> => quantity(example, { least: "1m", most: "10k" });

/** Memory or storage, in bytes. Nothing runs in less, so `512m`, which is half a byte, and `512` are mistakes. */
export const bytes = (example: string): Check<string> => quantity(example, { least: "1Mi" });

/** An amount of a resource, and the key that sets it. */
type Setting = readonly [key: string, value: string];

/** Refuses a request of a pod that is larger than its limit; undefined for no limit. */
export function refuseAboveLimit([request, asked]: Setting, limit: Setting | undefined): void {
  if (limit !== undefined && (billionths(asked) ?? 0n) > (billionths(limit[1]) ?? 0n)) {
    throw new Problem(
      `Config key "${request}" is "${asked}", and "${limit[0]}" is "${limit[1]}": a pod cannot request more than it may use`,
      `run \`pulumi config set ${settingOf(limit[0])} ${asked}\`, or \`pulumi config set ${settingOf(request)} ${limit[1]}\``,
    );
  }
}
