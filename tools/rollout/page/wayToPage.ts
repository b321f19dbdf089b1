import { setTimeout } from "node:timers/promises";

import { adviceInWords, commandInWords } from "../../../components/advice";
import { Problem } from "../../../components/problem";
import { step } from "../../terminal/progress";
import { withRetry } from "../diagnosis";
import { type Answer, describeAnswer, isFailure } from "./answer";
import { askNewVersion, isServiceGone, type Known, logOfNewVersion, type Version } from "./newVersion";
import { pageProblem, type PageWords, silenceProblem } from "./pageProblem";
import { NoAnswer, reachSeconds, untilAnswer } from "./url";

/** Seconds after a rollout in which the nodes learn which pods there are. */
const nodesSeconds = 2;

/** The ways to a page, as the program gives them. */
export interface Ways {
  url?: string;
  openCommand?: string;
}

/** How the page is asked for. */
export interface PageOptions extends PageWords {
  /** The version whose page it is; undefined where that is not known. */
  version: Version | undefined;
  /** Seconds that a rollout may take. */
  rolloutSeconds: number;
  /** Whether the URL leads through an Ingress. */
  isByIngress: boolean;
  /** Seconds in which the URL has to lead to the page. @default 30 */
  seconds?: number;
}

/**
 * What the user gets in the end: the URL if the page answers there, else the command that opens a way to the page.
 *
 * @returns undefined where nothing runs, as config asks
 * @throws a `Problem` when the new version's page does not work, or the URL does not lead to it
 */
export async function wayToPage({ url, openCommand }: Ways, options: PageOptions): Promise<string | undefined> {
  const { version, rolloutSeconds, retry } = options;
  const known = await step(`GET / of the new version`, async (progress) => {
    const found = version && (await askNewVersion(version, rolloutSeconds, options));
    progress.detail(described(found));
    return found;
  });
  if (known === "nothing runs") {
    const next = withRetry("run `pulumi config set replicas 1`", retry);
    console.error(adviceInWords(`Nothing is served, since \`replicas\` is 0; to serve the page, ${next}`));
    return undefined;
  }
  if (url === undefined) {
    return openCommand === undefined ? undefined : byCommand(openCommand);
  }
  try {
    await step(`GET ${url}`, async (progress) => {
      progress.detail(await reach(url, known, options));
    });
    return url;
  } catch (error) {
    if (openCommand === undefined) {
      throw error;
    }
    return byCommand(openCommand);
  }
}

function described(known: Known): string {
  if (known === undefined) {
    return "the cluster does not lead to it";
  }
  return known === "nothing runs" ? known : describeAnswer(known);
}

const byCommand = (openCommand: string): string =>
  `No port of this cluster is reached from this machine; this opens a way and says where to:\n${commandInWords(openCommand)}`;

/** Waits until the URL leads to the page, and says what it answers. */
async function reach(url: string, known: Answer | undefined, options: PageOptions): Promise<string> {
  const { version, isByIngress, seconds = reachSeconds } = options;
  let last: Answer | undefined;
  // Until the way is there, what is in front of the page may answer 404.
  const isEnough = (answer: Answer): boolean => {
    last = answer;
    return known === undefined ? !isFailure(answer) : answer.status === known.status;
  };
  if (known === undefined && version !== undefined) {
    // Nobody knows of the answer whether it is the new version's: the nodes still may lead to the one before.
    await setTimeout(nodesSeconds * 1000);
  }
  try {
    return describeAnswer(await untilAnswer(url, seconds, isEnough));
  } catch (error) {
    if (last !== undefined && !isFailure(last)) {
      return describeAnswer(last);
    }
    const log = version === undefined || known !== undefined ? "" : await logOfNewVersion(version);
    if (last !== undefined && known === undefined) {
      throw pageProblem(last, log, new URL(url).host, options);
    }
    const { message } = error as Error;
    if (version !== undefined && (await isServiceGone(version))) {
      throw new Problem(
        `${url} leads to nothing (${message}), since Service ${version.service ?? ""} is not in the cluster any more`,
        "run `npm run drift -- --restore`, which puts back what was deleted in the cluster",
      );
    }
    if (error instanceof NoAnswer && known === undefined) {
      throw silenceProblem(message, log, options);
    }
    throw new Problem(
      known === undefined
        ? `${url} is not served within ${seconds} s (${message})`
        : `The new version answers ${describeAnswer(known)}, but ${url} does not lead to it within ${seconds} s (${message})`,
      isByIngress
        ? `look with \`kubectl get ingress --all-namespaces\` whether the Ingress has an address, and let ${new URL(url).hostname} lead there`
        : "run `pulumi config set urlHost HOST` if the cluster is reached at another host",
    );
  }
}
