import path from "node:path";

import execa from "execa";

import type { CommandRunner } from "../../components/targets/commandRunner";
import { targets } from "../../components/targets/target";
import { thisHost } from "../../components/targets/host";
import { clusterFiles, type ClusterKind, isolated, local } from "../sandbox/cluster/kinds";
import { deleteMinikube, missingTools, startMinikube } from "../sandbox/minikube/minikube";
import { installFakeMinikube } from "../test/integration/helpers/fakeMinikube";
import type { Workspace } from "../test/integration/helpers/workspace";
import { summarize, type Summary } from "./statistics";

/** A cluster that both sides are measured on, under the kube context docker-desktop. */
export interface BenchCluster {
  kind: ClusterKind;
  /** Config by which ours gets there. */
  config: Record<string, string>;
  /** What a shell needs to reach its Docker daemon, and ours to find it. */
  environment: (workspace: Workspace) => NodeJS.ProcessEnv;
  /** Host on which NodePorts are reached. */
  urlHost: string;
}

export const clusterNames = ["local", "isolated"] as const;
export type ClusterName = (typeof clusterNames)[number];

export const benchClusters: Record<ClusterName, BenchCluster> = {
  local: {
    kind: local,
    config: { target: "docker-desktop" },
    environment: () => ({}),
    urlHost: "localhost",
  },
  isolated: {
    kind: isolated,
    config: { target: "minikube", kubeContext: "docker-desktop" },
    environment: ({ folder, environment }) => ({
      PATH: [installFakeMinikube(folder).folder, environment["PATH"]].join(path.delimiter),
      DOCKER_HOST: "tcp://192.168.49.2:2376",
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: clusterFiles(isolated).dockerCerts,
      MINIKUBE_ACTIVE_DOCKERD: "minikube",
    }),
    urlHost: "192.168.49.2",
  },
};

export function parseCluster(text = "local"): ClusterName {
  const name = clusterNames.find((each) => each === text);
  if (name === undefined) {
    throw new Error(
      `--cluster is "${text}": allowed are ${clusterNames.join(", ")}; run \`npm run bench -- --cluster isolated\`.`,
    );
  }
  return name;
}

/** What asking minikube adds to every `up`, in seconds. */
export interface Asking extends Summary {
  /** Which minikube was asked. */
  of: string;
}

/**
 * Measures the asking: of a real minikube where its parts are there, else of the executable that stands for it.
 *
 * @param standIn environment in which the stand-in is on PATH
 */
export async function measureAsking(standIn: NodeJS.ProcessEnv, rounds: number): Promise<Asking> {
  const missing = await missingTools();
  if (missing.length > 0) {
    return { of: `stand-in (${missing.join(", ")} not there)`, ...(await ask(standIn, rounds)) };
  }
  try {
    return { of: "real minikube, drivers docker, runtime docker", ...(await ask(await startMinikube(), rounds)) };
  } finally {
    await deleteMinikube();
  }
}

async function ask(environment: NodeJS.ProcessEnv, rounds: number): Promise<Summary> {
  const run: CommandRunner = async (file, args) => {
    const { exitCode, stdout, stderr } = await execa(file, args, { env: environment, extendEnv: false, reject: false });
    return { exitCode, stdout, stderr };
  };
  const host = { ...thisHost, run, environment };
  const seconds: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    await targets.minikube.locate({ minikubeProfile: "minikube" }, host);
    // The first one reads executables from the disk.
    if (round > 0) {
      seconds.push((performance.now() - start) / 1000);
    }
  }
  return summarize(seconds);
}

export function askingText({ of, minimum, median }: Asking): string {
  return `Asking minikube, for each up: ${minimum.toFixed(2)} / ${median.toFixed(2)} s (${of})`;
}
