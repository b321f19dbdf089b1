import fs from "node:fs";
import net from "node:net";
import path from "node:path";

import type { CommandRunner } from "./commandRunner";
import type { KubeContext } from "./kubeconfig";
import { Problem } from "./problem";
import type { DaemonAddress } from "./probes";

/** Container runtimes that minikube can start a node with. */
const runtimes = ["docker", "containerd", "cri-o", "crio"] as const;

/** What minikube says of one of its clusters; the only module that calls minikube makes and reads it. */
export interface MinikubeProfile {
  name: string;
  /** Such as docker, podman, kvm2, hyperkit, qemu2, none. */
  driver: string;
  runtime: (typeof runtimes)[number];
  /** Number of nodes. */
  nodes: number;
  /** Address of the node and the port of its API server. */
  address: string;
  apiServerPort: number;
  /** Whether its ports were published on this machine with `minikube start --ports`. */
  hasPublishedPorts: boolean;
}

interface ListedProfile {
  Name?: string;
  Status?: string;
  Config?: {
    Driver?: string;
    KubernetesConfig?: { ContainerRuntime?: string };
    Nodes?: { IP?: string; Port?: number }[] | null;
    ExposedPorts?: string[] | null;
  };
}

const running = ["OK", "Running"];

/** The commands of minikube that this program uses, for one profile. */
export class Minikube {
  constructor(
    private readonly run: CommandRunner,
    readonly profile: string,
  ) {}

  /** Whether there is no such profile, so that everything that ran in it is gone too. */
  async isGone(): Promise<boolean> {
    const profiles = await this.list();
    return !profiles.some(({ Name }) => Name === this.profile);
  }

  /** Asks for the profile. Throws a `Problem` when it is not there, does not run, or says what is not understood. */
  async read(): Promise<MinikubeProfile> {
    const profiles = await this.list();
    const found = profiles.find(({ Name }) => Name === this.profile);
    if (found === undefined) {
      const names = profiles.flatMap(({ Name }) => Name ?? []);
      throw new Problem(
        `There is no minikube profile "${this.profile}": ${names.length > 0 ? `there are ${names.join(", ")}` : "there is none"}; run \`minikube start -p ${this.profile}\`, or \`pulumi config set minikubeProfile NAME\`.`,
      );
    }
    const { Status = "unknown", Config } = found;
    if (!running.includes(Status)) {
      const mend = Status === "Paused" ? "unpause" : "start";
      throw new Problem(
        `The minikube profile "${this.profile}" does not run (it is ${Status}): run \`minikube ${mend} -p ${this.profile}\`.`,
      );
    }
    const runtime = runtimes.find((each) => each === Config?.KubernetesConfig?.ContainerRuntime);
    if (runtime === undefined) {
      throw new Problem(
        `The minikube profile "${this.profile}" has the container runtime "${Config?.KubernetesConfig?.ContainerRuntime ?? ""}": allowed are ${runtimes.join(", ")}; run \`minikube delete -p ${this.profile}\` and \`minikube start -p ${this.profile} --container-runtime docker\`.`,
      );
    }
    const nodes = Config?.Nodes ?? [];
    return {
      name: this.profile,
      driver: Config?.Driver ?? "",
      runtime,
      nodes: nodes.length,
      address: nodes[0]?.IP ?? "",
      apiServerPort: nodes[0]?.Port ?? 0,
      hasPublishedPorts: (Config?.ExposedPorts ?? []).length > 0,
    };
  }

  /** Address of the profile's Docker daemon, whose certificates can be read. */
  async dockerEnv(): Promise<DaemonAddress> {
    const args = ["docker-env", "--shell", "none", "-o", "json"];
    const { DOCKER_HOST, DOCKER_CERT_PATH } = parseObject(await this.ask(args), this.line(args)) as Record<
      string,
      string | undefined
    >;
    if (DOCKER_HOST === undefined) {
      throw new Problem(
        `\`${this.line(args)}\` did not answer with a DOCKER_HOST: run \`minikube status -p ${this.profile}\`.`,
      );
    }
    if (DOCKER_CERT_PATH === undefined) {
      return { host: DOCKER_HOST };
    }
    this.checkCertificates(DOCKER_CERT_PATH);
    return { host: DOCKER_HOST, certPath: DOCKER_CERT_PATH };
  }

  /** Address on which the node's ports are reached. */
  async ip(): Promise<string> {
    const answer = (await this.ask(["ip"])).trim();
    if (net.isIP(answer) === 0) {
      throw new Problem(
        `\`${this.line(["ip"])}\` did not answer with an address: run \`minikube status -p ${this.profile}\`.`,
      );
    }
    return answer;
  }

  private async list(): Promise<ListedProfile[]> {
    const args = ["profile", "list", "-o", "json"];
    const { valid, invalid } = parseObject(await this.ask(args), this.line(args)) as {
      valid?: ListedProfile[] | null;
      invalid?: ListedProfile[] | null;
    };
    // A broken profile is still there: what it holds is not gone.
    return [...(valid ?? []), ...(invalid ?? [])];
  }

  private line(args: string[]): string {
    return ["minikube", "-p", this.profile, ...args].join(" ");
  }

  private async ask(args: string[]): Promise<string> {
    const { exitCode, stdout, stderr, failure } = await this.run("minikube", ["-p", this.profile, ...args]);
    if (exitCode !== 0) {
      throw new Problem(
        `\`${this.line(args)}\` failed (${whatItSaid(failure, stderr, stdout)}): ${this.mend(failure)}.`,
      );
    }
    return stdout;
  }

  private mend(failure: string | undefined): string {
    const start = `run \`minikube start -p ${this.profile}\``;
    return failure === "not found"
      ? `install minikube as https://minikube.sigs.k8s.io/docs/start says, then ${start}`
      : start;
  }

  private checkCertificates(folder: string): void {
    for (const name of ["ca.pem", "cert.pem", "key.pem"]) {
      try {
        fs.accessSync(path.join(folder, name), fs.constants.R_OK);
      } catch {
        throw new Problem(
          `The Docker certificate ${path.join(folder, name)} cannot be read; run \`minikube start -p ${this.profile}\` to write it again.`,
        );
      }
    }
  }
}

function whatItSaid(failure: string | undefined, stderr: string, stdout: string): string {
  return failure ?? (stderr.trim() || stdout.trim()).split("\n")[0] ?? "";
}

function parseObject(text: string, command: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) {
      return value;
    }
  } catch {
    // The sentence below says it.
  }
  throw new Problem(`\`${command}\` did not answer with JSON: run it to see what it says.`);
}

/** Whether the profile's nodes run images straight from a Docker daemon that can be built on. */
export function sharesDaemon({ runtime, nodes, driver }: MinikubeProfile): boolean {
  return runtime === "docker" && nodes <= 1 && driver !== "none";
}

/** Whether a node's address is routed to from this machine: in a container of a virtual machine it is not. */
export function isRouted({ driver }: MinikubeProfile, platform: NodeJS.Platform, kernel: string): boolean {
  const isContainer = driver === "docker" || driver === "podman";
  const isInVirtualMachine = platform !== "linux" || /microsoft/i.test(kernel);
  return !(isContainer && isInVirtualMachine);
}

/**
 * What has to stand beside a DOCKER_HOST that is the profile's own.
 *
 * Without it minikube would take that daemon for the one that holds its node, and say that the node is gone.
 */
export function shellVariables(
  profile: string,
  daemon: DaemonAddress,
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const isSet = Boolean(environment["MINIKUBE_ACTIVE_DOCKERD"]) || environment["DOCKER_HOST"] === daemon.host;
  const replaced = ["DOCKER_HOST", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"].flatMap((name) => {
    const value = environment[name];
    return value && !isSet ? [[`MINIKUBE_EXISTING_${name}`, value] as const] : [];
  });
  return { MINIKUBE_ACTIVE_DOCKERD: profile, ...Object.fromEntries(replaced) };
}

/** Refuses a kube context that leads to another cluster than the profile's: it was renamed, or minikube started anew. */
export function checkContext(context: KubeContext, profile: MinikubeProfile): void {
  const { hostname, port } = new URL(context.server);
  const isOwn = hostname === profile.address && Number(port) === profile.apiServerPort;
  // A driver that forwards its ports shows the API server on this machine, at a port that changes with each start.
  const isForwarded =
    ["127.0.0.1", "localhost"].includes(hostname) && ["docker", "podman", "none"].includes(profile.driver);
  if (!isOwn && !isForwarded) {
    throw new Problem(
      `Kube context "${context.name}" leads to ${context.server}, and the minikube profile "${profile.name}" is at https://${profile.address}:${profile.apiServerPort}; run \`minikube update-context -p ${profile.name}\`.`,
    );
  }
}
