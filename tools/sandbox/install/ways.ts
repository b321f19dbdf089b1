import { Problem } from "../../../components/problem";
import { downloadAll } from "./download";
import { unpackDebian } from "./debian";
import { buildAll } from "./golang";
import type { Progress } from "../../terminal/progress";
import { installFromNpm } from "./npm";
import { installPython } from "./python";
import type { Source, Way } from "./tool";

/** The source of a tool for each way, and its text in messages. */
export const origins: Record<Way["kind"], { source: Source; text: string }> = {
  download: { source: "vendor", text: "from the vendor" },
  debian: { source: "debian", text: "from Debian's packages" },
  go: { source: "built", text: "built from Go modules" },
  python: { source: "vendor", text: "from PyPI" },
  npm: { source: "vendor", text: "from the npm registry" },
};

/**
 * Installs a tool into a folder in one way.
 *
 * @param goCommand finds or installs Go; called only to compile
 * @throws an error that says why this way fails on this machine
 */
export async function follow(
  way: Way,
  folder: string,
  progress: Progress,
  goCommand: () => Promise<string>,
): Promise<void> {
  switch (way.kind) {
    case "download":
      await downloadAll(way.files, folder, progress);
      return;
    case "debian":
      await unpackDebian(way, folder, progress);
      return;
    case "go":
      await buildAll(way, await goCommand(), folder, progress);
      return;
    case "python":
      await installPython(way, folder, progress);
      return;
    case "npm":
      await installFromNpm(way, folder, progress);
      return;
  }
}

/** One way of several, and its name in messages. */
export interface Attempt<T> {
  readonly name: string;
  run(): Promise<T>;
}

/**
 * The result of the first attempt that succeeds.
 *
 * @param what what is installed, in the error
 * @param byHand what helps when all fail, as an imperative
 * @throws a `Problem` with every attempt and its reason
 */
export async function firstThatWorks<T>(what: string, attempts: readonly Attempt<T>[], byHand: string): Promise<T> {
  const namesByReason = new Map<string, string[]>();
  for (const attempt of attempts) {
    try {
      return await attempt.run();
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
      namesByReason.set(reason, [...(namesByReason.get(reason) ?? []), attempt.name]);
    }
  }
  const reasons = [...namesByReason].map(([reason, names]) => `${names.join(" and ")}: ${reason}`);
  throw new Problem(`${what} could not be installed (${reasons.join("; ")})`, byHand);
}
