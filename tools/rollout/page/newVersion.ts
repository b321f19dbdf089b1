import type { Problem } from "../../../components/problem";
import { see, send } from "../../../components/kubernetes/client";
import { giveUp, until } from "../../waiting";
import { diagnose, diagnoseLate } from "../diagnose";
import { explain } from "../diagnosis";
import { currentPods, eventsOf, httpPortOf, isServed, logOf, type Place, type Pod } from "../kubernetes";
import type { AskImage } from "../needs/image";
import { needIn, withNeed } from "../needs/withNeed";
import { type Answer, answerOf, isFailure } from "./answer";
import { errorIn, pageProblem, type PageWords } from "./pageProblem";

const logLines = 200;
/** Seconds that the API server may take to reach a pod. */
const reachSeconds = 10;

/** A version that was deployed, and how its page is asked for. */
export interface Version extends Place {
  deployment: string;
  /** Name of the Service that leads to its pods. @default it is not known */
  service?: string | undefined;
  /** Value of the Host header: the one that the user's browser will send. */
  host: string;
  /** What an image says of its processes. */
  askImage: AskImage;
  /** Seconds in which the page may recover from an error, as when it warms up. @default 3 */
  errorSeconds?: number;
}

/** What is known of a version: its page's answer, that nothing of it is to run, or nothing, where nobody may ask it. */
export type Known = Answer | "nothing runs" | undefined;

/**
 * GETs the page of a new pod itself, through the API server: at the URL a pod of the version before may still answer.
 *
 * @param rolloutSeconds what a rollout is given
 * @throws a `Problem` with the pod's log for a page that does not work, and for pods that do not run
 */
export async function askNewVersion(version: Version, rolloutSeconds: number, words: PageWords): Promise<Known> {
  const look = async (): Promise<Pod | "nothing runs" | undefined> => {
    const { deployment, ready, others } = await currentPods(version, version.deployment).catch(giveUp);
    if (deployment.spec?.replicas === 0) {
      return "nothing runs";
    }
    const [pod] = ready;
    if (pod === undefined && others.some((other) => diagnose(other)?.patience !== 0)) {
      // As after the cluster was started again.
      throw new Error("no pod is ready");
    }
    return pod;
  };
  const pod = await until(look, { seconds: rolloutSeconds, pauseMilliseconds: 500 }).catch(() => undefined);
  if (pod === "nothing runs") {
    return pod;
  }
  if (pod === undefined) {
    const problem = await silentPods(version, rolloutSeconds, words).catch(() => undefined);
    if (problem !== undefined) {
      throw problem;
    }
    return undefined;
  }
  const answer = await untilAnswer(version, pod);
  if (answer !== undefined && isFailure(answer)) {
    const log = await logOfNewVersion(version);
    const need = await needIn(errorIn(log).join("\n"), pod, version.askImage);
    throw pageProblem(answer, log, version.host, words, need);
  }
  return answer;
}

/** Why none of a version's pods is ready; undefined when there are none, or one is. */
async function silentPods(
  version: Version,
  rolloutSeconds: number,
  { folder, retry }: PageWords,
): Promise<Problem | undefined> {
  const { ready, others } = await currentPods(version, version.deployment);
  const [pod] = others;
  if (ready.length > 0 || pod === undefined) {
    return undefined;
  }
  const found = diagnoseLate(pod, await eventsOf(version, pod), rolloutSeconds, folder);
  if (found === undefined) {
    return undefined;
  }
  const log = found.log === "" ? await logOf(version, pod, logLines) : found.log;
  const told = await withNeed({ ...found, log }, pod, version.askImage, () => Promise.resolve(""));
  return explain(told, await isServed(version), retry);
}

/** Whether somebody has deleted the Service of a version; false where the cluster does not say. */
export async function isServiceGone({ context, namespace, service }: Version): Promise<boolean> {
  if (service === undefined) {
    return false;
  }
  const key = { apiVersion: "v1", kind: "Service", metadata: { namespace, name: service } };
  return (await see(context, key).catch(() => "hidden")) === "absent";
}

/** The last lines that a pod of a version printed; empty where the cluster does not give them. */
export async function logOfNewVersion(version: Version): Promise<string> {
  try {
    const [pod] = (await currentPods(version, version.deployment)).ready;
    return pod === undefined ? "" : await logOf(version, pod, logLines);
  } catch {
    return "";
  }
}

/** The answer that a pod's page stays with; undefined when the API server does not reach it. */
async function untilAnswer(version: Version, pod: Pod): Promise<Answer | undefined> {
  const { errorSeconds = 3 } = version;
  let last: Answer | undefined;
  const start = Date.now();
  const look = async (): Promise<Answer> => {
    last = await askPod(version, pod);
    if (last === undefined || (isFailure(last) && Date.now() - start < errorSeconds * 1000)) {
      throw new Error("no answer yet");
    }
    return last;
  };
  return await until(look, { seconds: reachSeconds, pauseMilliseconds: 500 }).catch(() => last);
}

/**
 * Undefined where the API server answers in the pod's place, since it does not reach it yet.
 *
 * @throws a `Hopeless` where it does not let this user ask
 */
async function askPod({ context, namespace, host }: Version, pod: Pod): Promise<Answer | undefined> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}:${httpPortOf(pod)}/proxy/`;
  const { status, body, headers } = await send(context, { path, host, timeoutSeconds: reachSeconds });
  if (isStatus(body)) {
    return status < 500 ? giveUp(new Error(`the API server answers ${status}`)) : undefined;
  }
  // The API server lets redirects lead through itself.
  return answerOf(status, headers.location?.replace(path.replace(/\/$/, ""), ""), body);
}

function isStatus(body: string): boolean {
  try {
    const { kind, apiVersion } = JSON.parse(body) as { kind?: string; apiVersion?: string };
    return kind === "Status" && apiVersion === "v1";
  } catch {
    return false;
  }
}
