import { setKey } from "../../app/configKey";
import { web } from "../../app/role";
import type { ImageFacts } from "./image";
import type { Run } from "./run";

/** What a process needs, and is refused or not given. */
export interface Need {
  /** A clause that says it. */
  detail: string;
  /** What helps, as a clause that another "and ..." may follow. */
  nextStep: string;
  /** Whether it may be met while the rollout goes on. @default false: no later start of the same pod is spared it */
  mayPass?: boolean;
}

/** Where something was said that may be a need. */
export interface Context {
  /** What the cluster or the process said. */
  lines: readonly string[];
  /** Index of the line that matched. */
  at: number;
  run: Run;
  /** Undefined where the image could not be asked, or was not yet. */
  image: ImageFacts | undefined;
}

/** A line that tells of a need; undefined for one that has another reason. */
export type Rule = [pattern: RegExp, need: (match: RegExpExecArray, context: Context) => Need | undefined];

/** The command that sets a key of config, in backticks. */
export const set = (setting: string): string => `\`pulumi config set ${setting}\``;

/** The command that sets a key of what a pod does, such as of a process, in backticks. */
export const setOwn = ({ role = web }: Run, key: string, value: string): string => `\`${setKey(role, key, value)}\``;

/** What makes an image run as with `docker run`. */
export const asDockerRuns = set("podSecurity baseline");
