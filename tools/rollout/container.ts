import { configKey, setKey } from "../app/configKey";
import { type Role, web } from "../app/role";
import { isFinal } from "./crash";
import { type Diagnosis, mend, oneLine } from "./diagnosis";
import { twice } from "./fittingConfig";
import { pullProblem } from "./imagePull";
import type { ContainerStatus, PodEvent } from "./kubernetes";
import { needOf } from "./needs/needOf";
import type { Need } from "./needs/need";
import type { Run } from "./needs/run";

/** What of its pod decides what a container's state means. */
export interface Surroundings {
  /** What the pod does; undefined where nothing says so. */
  role: Role | undefined;
  /** Whether the container is to end, and is not started again. */
  runsOnce: boolean;
  /** Whether it runs the app's image. */
  isApp: boolean;
  /** Whether its image was built on the node's own daemon. */
  isBuilt: boolean;
  /** Memory above which it is killed, as a quantity; undefined where it has no limit of its own. */
  memoryLimit: string | undefined;
  /** What helps beside the project where a probe fails, to be put after another clause. */
  healthAdvice: string;
  /** How the app's image runs; undefined where the container runs another. */
  run: Run | undefined;
  /** The project's folder, as advice names it. */
  folder: string;
  /** What the cluster reported about the pod, oldest first. */
  events: readonly PodEvent[];
}

export type ContainerDiagnosis = Pick<Diagnosis, "reason" | "detail" | "nextStep" | "patience" | "isByProcess"> & {
  log?: string;
};

/** Exit code of a process that SIGKILL ended; Docker does not always notice that it was for want of memory. */
const killed = 137;
/** Seconds in which what ended as if all were well may have been told to. */
const endedWellSeconds = 10;

function raiseTheLimit({ isApp, role, memoryLimit }: Surroundings): string {
  if (isApp) {
    const more = memoryLimit === undefined ? "1Gi" : twice(memoryLimit);
    return `raise the limit, such as with \`${setKey(role ?? web, "memoryLimit", more)}\``;
  }
  return role?.kind === "redis"
    ? `raise \`redisMemory\`, of which its limit is made, such as with \`pulumi config set redisMemory ${memoryLimit ?? "256Mi"}\``
    : "raise its limit in components/app/postgres.ts";
}

/** The last lines that a container printed before it ended; none where the kubelet says in their place that it has none. */
export const lastOutput = (ended: { message?: string | undefined } | undefined): string =>
  ended?.message === undefined || ended.message.startsWith("unable to retrieve container logs") ? "" : ended.message;

/** What is wrong with a container; undefined while it starts, or once it runs. */
export function diagnoseContainer(
  { image, state, lastState }: ContainerStatus,
  surroundings: Surroundings,
): ContainerDiagnosis | undefined {
  const ended = state?.terminated ?? lastState?.terminated;
  const waiting = state?.waiting;
  const log = lastOutput(ended);
  if (ended?.reason === "OOMKilled" && state?.running === undefined) {
    return {
      reason: "OOMKilled",
      detail: "the container needs more memory than its limit",
      log,
      nextStep: raiseTheLimit(surroundings),
      patience: 0,
    };
  }
  const need = surroundings.run && needOf(log, surroundings.run);
  if (surroundings.runsOnce && state?.terminated !== undefined && state.terminated.exitCode !== 0) {
    return {
      reason: state.terminated.reason ?? "Error",
      log,
      ...told(need, {
        detail: `its command ends with exit code ${state.terminated.exitCode}`,
        nextStep:
          surroundings.role?.kind === "schedule"
            ? mend(surroundings.folder)
            : `${mend(surroundings.folder)}, or what its database says no to`,
        patience: 0,
      }),
      // It is not started again.
      patience: 0,
    };
  }
  if (waiting?.reason === "CrashLoopBackOff") {
    return { reason: waiting.reason, log, ...crashOf(ended, need, surroundings) };
  }
  return waitingProblem(waiting, image, surroundings);
}

type Reason = Pick<ContainerDiagnosis, "detail" | "nextStep" | "patience" | "isByProcess">;

/** What a process needs, where it tells; else what its end says. */
function told(need: Need | undefined, otherwise: Reason): Reason {
  return need === undefined
    ? { ...otherwise, isByProcess: true }
    : {
        detail: need.detail,
        nextStep: need.nextStep,
        patience: need.mayPass === true ? "rollout" : 0,
        isByProcess: true,
      };
}

type Ended = NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>;

function crashOf(ended: Ended | undefined, need: Need | undefined, surroundings: Surroundings): Reason {
  const { isApp, role, events, folder, healthAdvice } = surroundings;
  const nextStep = isApp ? mend(folder) : "mend what its log names";
  if (ended === undefined) {
    return { detail: "the container ends again and again", nextStep, patience: "rollout" };
  }
  const probe = events.findLast(({ reason, message }) => reason === "Killing" && /probe/.test(message ?? ""));
  if (probe !== undefined) {
    const failed = events.findLast(({ reason }) => reason === "Unhealthy")?.message ?? probe.message;
    return {
      detail: `the kubelet ends the container because of its probe (${oneLine(failed).replace(/\.$/, "")})`,
      nextStep: `${nextStep}, whose health check has to answer${healthAdvice}`,
      patience: "rollout",
    };
  }
  if (ended.exitCode === killed) {
    return {
      detail: "the container is killed (exit code 137), as for more memory than its limit",
      nextStep: raiseTheLimit(surroundings),
      patience: 0,
    };
  }
  if (ended.exitCode === 0 && isApp) {
    const command = `\`${configKey(role ?? web, "command")}\``;
    return {
      detail: "its command ends with exit code 0, and is to run until it is told to end",
      nextStep: `let ${command} be one that goes on in the foreground, or set in \`schedules\` what runs at times`,
      patience: endedWellSeconds,
    };
  }
  return told(need, {
    detail: `the container ends with exit code ${ended.exitCode}`,
    nextStep,
    patience: isFinal(ended) ? 0 : "rollout",
  });
}

function waitingProblem(
  { reason, message }: { reason?: string; message?: string } = {},
  image: string,
  { isApp, isBuilt, run, folder }: Surroundings,
): ContainerDiagnosis | undefined {
  switch (reason) {
    case "ErrImagePull":
    case "ImagePullBackOff":
    case "ErrImageNeverPull":
    case "ImageInspectError":
    case "RegistryUnavailable":
    case "SignatureValidationFailed":
    case "InvalidImageName":
      return { reason, ...pullProblem(reason, image, oneLine(message), { isApp, isBuilt }) };
    case "CreateContainerConfigError":
    case "CreateContainerError":
    case "PreCreateHookError":
    case "PostStartHookError":
    case "RunContainerError": {
      const said = oneLine(message);
      return {
        reason,
        ...told(run && needOf(said, run), {
          detail: said,
          nextStep: createAdvice(said, isApp ? mend(folder) : "mend what it names"),
          patience: /deadline exceeded|timed? ?out|connection/i.test(said) ? "rollout" : 5,
        }),
      };
    }
    default:
      return undefined;
  }
}

function createAdvice(message: string, otherwise: string): string {
  if (/(secret|configmap) "[^"]+" not found|couldn't find key/.test(message)) {
    return "run `npm run drift -- --restore`, which puts back what was deleted in the cluster";
  }
  return otherwise;
}
