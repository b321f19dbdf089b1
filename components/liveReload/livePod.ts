import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { agentFolder, stateFolder } from "./agentCommand";
import { liveAnnotation } from "./liveAnnotation";

/** Most that a pod with a copy of the project may write to its node's disk: it may have a virtual environment in it. */
export const liveStorageLimit = "8Gi";

/** The agent, as pods refer to it. */
export interface Agent {
  configMap: pulumi.Input<string>;
  /** Annotations of pods that have it. */
  annotations: Record<string, string>;
  /** Folders of the image with the project's sources, of which a pod has a copy. */
  roots: readonly string[];
}

/** Declares what the agent is read from. */
export function declareAgent(
  name: string,
  roots: readonly string[],
  metadata: (own: { name: string }) => types.input.meta.v1.ObjectMeta,
  opts: pulumi.CustomResourceOptions,
): Agent {
  const own = `${name}-live-reload`;
  const data = agentFiles();
  const configMap = new ConfigMap(own, { metadata: metadata({ name: own }), data }, opts);
  const hash = createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 12);
  return { configMap: configMap.metadata.name, annotations: { [liveAnnotation]: hash }, roots };
}

/** The files of the agent, by their names. */
function agentFiles(): Record<string, string> {
  const folder = path.join(__dirname, "agent");
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".py"));
  return Object.fromEntries(names.sort().map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]));
}

/** What a pod has of the agent. */
export interface LiveParts {
  variables: { name: string; value: string }[];
  mounts: types.input.core.v1.VolumeMount[];
  volumes: types.input.core.v1.Volume[];
}

export function liveParts({ configMap, roots }: Agent): LiveParts {
  const [agent, state] = ["live-reload", "live-reload-state"];
  return {
    variables: [{ name: "LIVE_RELOAD_ROOTS", value: roots.join(":") }],
    mounts: [
      { name: agent, mountPath: agentFolder, readOnly: true },
      { name: state, mountPath: stateFolder },
    ],
    volumes: [
      { name: agent, configMap: { name: configMap } },
      { name: state, emptyDir: {} },
    ],
  };
}

type Probes = Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">;

/**
 * The probes of a process that is started again at each save, from those that it has otherwise. A broken version is shown
 * on its page, so it is neither taken from the Service nor started again by the kubelet.
 */
export function liveProbes({ startupProbe }: Probes, port: number | undefined): Probes {
  const readinessProbe = { tcpSocket: { port: "http" }, periodSeconds: 1, failureThreshold: 15, timeoutSeconds: 3 };
  return {
    ...(startupProbe !== undefined && { startupProbe }),
    ...(port !== undefined && { readinessProbe }),
  };
}
