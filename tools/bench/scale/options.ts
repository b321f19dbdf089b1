import { Problem } from "../../../components/problem";

/** Options as they stand on the command line. */
export interface ScaleOptions {
  sizes?: string;
  limit?: string;
  variants?: string;
}

/** Numbers of apps that the curve in docs/scale.md is drawn through. */
export const defaultSizes: readonly number[] = [1, 10, 100, 1000];

/** What one command may take, in minutes. */
const defaultLimit = "20";

/** What one run measures. */
export interface Task {
  sizes: number[];
  /** Sizes at which a first `up` is measured again in other ways. */
  variantSizes: number[];
  /** Minutes after which one command is ended. */
  limitMinutes: number;
}

/** @throws a `Problem` with the option, its value, what is allowed and a valid command */
export function parseTask({ sizes, limit = defaultLimit, variants = "100" }: ScaleOptions): Task {
  const asked = sizes === undefined ? [...defaultSizes] : numbers("--sizes", sizes);
  const variantSizes = variants === "none" ? [] : numbers("--variants", variants);
  if (!/^[1-9][0-9]{0,2}$/.test(limit)) {
    throw new Problem(
      `--limit is "${limit}": allowed is a whole number of minutes from 1 to 999`,
      `run \`npm run bench:scale -- --limit ${defaultLimit}\``,
    );
  }
  return {
    sizes: asked,
    variantSizes: variantSizes.filter((size) => asked.includes(size)),
    limitMinutes: Number(limit),
  };
}

function numbers(option: string, text: string): number[] {
  const parts = text.split(",");
  const wrong = parts.find((part) => !/^([1-9][0-9]{0,2}|1000)$/.test(part));
  if (wrong !== undefined) {
    throw new Problem(
      `${option} names "${wrong}": allowed are whole numbers from 1 to 1000, separated by commas`,
      `run \`npm run bench:scale -- ${option} 1,10\``,
    );
  }
  return [...new Set(parts.map(Number))].sort((a, b) => a - b);
}
