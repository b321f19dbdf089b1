import path from "node:path";

import execa from "execa";

import { Problem } from "../../components/problem";
import type { CommandRunner } from "../../components/targets/commandRunner";
import { targets } from "../../components/targets/target";
import { thisHost } from "../../components/targets/host";
import { clusterFiles, type ClusterKind, isolated, local } from "../sandbox/cluster/kinds";
import { deleteMinikube, missingTools, startMinikube } from "../sandbox/minikube/minikube";
import { installFakeMinikube } from "../test/integration/helpers/fakeMinikube";
import type { Workspace } from "../test/integration/helpers/workspace";
import { summarize, type Summary } from "./statistics";

/** A cluster on which all sides are measured, with kube context docker-desktop. */
export interface BenchCluster {
  kind: ClusterKind;
  /** Config that leads the program to the cluster. */
  config: Record<string, string>;
  /** Environment with which a shell reaches the Docker daemon, and the program finds it. */
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
    throw new Problem(
      `--cluster is "${text}": allowed are ${clusterNames.join(", ")}`,
      "run `npm run bench -- --cluster isolated`",
    );
  }
  return name;
}

/** Seconds that questions to minikube add to every `up`. */
export interface Asking extends Summary {
  /** Which minikube was asked. */
  of: string;
}

/**
 * Measures the questions to minikube: to a real one where its parts are installed, otherwise to a fake executable.
 *
 * @param withFake environment with the fake minikube on PATH
 */
export async function measureAsking(withFake: NodeJS.ProcessEnv, rounds: number): Promise<Asking> {
  const missing = await missingTools();
  if (missing.length > 0) {
    return { of: `fake minikube (${missing.join(", ")} missing)`, ...(await ask(withFake, rounds)) };
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
    // The first round reads executables from the disk.
    if (round > 0) {
      seconds.push((performance.now() - start) / 1000);
    }
  }
  return summarize(seconds);
}

export function askingText({ of, minimum, median }: Asking): string {
  return `Asking minikube, for each up: ${minimum.toFixed(2)} / ${median.toFixed(2)} s (${of})`;
}
