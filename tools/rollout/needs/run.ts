import { afterRelease } from "../../../components/app/start";
import { runsUnderAgent } from "../../../components/liveReload/agentCommand";
import { type Role, roleOfPod } from "../../app/role";
import { httpPortOf, type Pod } from "../kubernetes";

/** How the processes of a pod run, as its spec says. */
export interface Run {
  image: string;
  /** What the pod does. @default web */
  role?: Role;
  /** Whether it runs the release command: alone, before its process, or not. */
  releases: "alone" | "first" | "no";
  /** Whether another user than root is demanded. */
  isNonRoot: boolean;
  /** Whether its disk is read-only. */
  isReadOnly: boolean;
  /** Uid that the stack sets; undefined for the image's user. */
  userId: number | undefined;
  /** Folders that config makes writable. */
  writablePaths: string[];
  /** Every folder that is a volume, `writablePaths` included. */
  volumes: string[];
  /** Port that its processes listen on. */
  port: number;
  /** The web process's arguments in place of the image's CMD; undefined for that. */
  args: string[] | undefined;
  /** Its variables, with those values that the spec holds itself. */
  variables: Map<string, string | undefined>;
}

const writableVolume = /^writable-\d+$/;

/** Undefined for a pod that does not run the app's image. */
export function runOf(pod: Pod): Run | undefined {
  const { spec } = pod;
  const role = roleOfPod(pod);
  const container = spec?.containers.find(({ name }) => name === role?.app);
  if (spec === undefined || role === undefined || container === undefined) {
    return undefined;
  }
  const mounts = container.volumeMounts ?? [];
  const isAlone = spec.restartPolicy === "Never";
  const { hasRelease, args } = afterRelease(container.args ?? []);
  const hasOwnCommand = container.command !== undefined && !runsUnderAgent(container.command);
  const isFirst = hasRelease || hasOwnCommand;
  return {
    image: container.image ?? "",
    role,
    releases: releasesOf(role, isAlone, isFirst),
    isNonRoot: spec.securityContext?.runAsNonRoot === true,
    isReadOnly: container.securityContext?.readOnlyRootFilesystem === true,
    userId: spec.securityContext?.runAsUser,
    writablePaths: mounts.filter(({ name }) => writableVolume.test(name)).map(({ mountPath }) => mountPath),
    volumes: mounts.map(({ mountPath }) => mountPath),
    port: httpPortOf(pod),
    args: isAlone || container.command !== undefined || container.args === undefined ? undefined : args,
    variables: new Map((container.env ?? []).map(({ name, value }) => [name, value])),
  };
}

/** Whether a container of a pod runs the app's image: the app itself, and what prepares its folders. */
export function runsAppImage(pod: Pod, name: string): boolean {
  const app = roleOfPod(pod)?.app;
  const isInit = pod.spec?.initContainers?.some((each) => each.name === name) === true;
  return app !== undefined && (name === app || isInit);
}

function releasesOf({ kind }: Role, isAlone: boolean, isFirst: boolean): Run["releases"] {
  if (kind === "process" || kind === "schedule") {
    return "no";
  }
  return isAlone ? "alone" : isFirst ? "first" : "no";
}
