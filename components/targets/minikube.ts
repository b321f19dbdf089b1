import fs from "node:fs";
import net from "node:net";
import path from "node:path";

import type { CommandRunner } from "./commandRunner";
import { type MinikubeProfile, runtimes } from "./minikubeProfile";
import { Problem } from "../problem";
import type { DaemonAddress } from "./endpoints";

interface ListedNode {
  IP?: string;
  Port?: number;
  ControlPlane?: boolean;
}

interface ListedProfile {
  Name?: string;
  Status?: string;
  Config?: {
    Driver?: string;
    KubernetesConfig?: { ContainerRuntime?: string; APIServerName?: string; APIServerHAVIP?: string };
    Nodes?: ListedNode[] | null;
    Addons?: Record<string, boolean> | null;
    ExposedPorts?: string[] | null;
    Network?: string;
  } | null;
}

/** With several control planes it is HAppy, or Degraded while one of three is away: the others serve. */
const running = ["OK", "Running", "HAppy", "Degraded"];

/** The name in a cluster's certificate when `minikube start --apiserver-name` gave it no other. */
const defaultServerName = "minikubeCA";
const apiServerPort = 8443;
/** Port of the add-on that pauses an idle cluster; the kube context leads to it while it is on. */
const autoPausePort = 32443;

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

  /** Others may have their work in the profile. */
  private makeAnew(flags = ""): string {
    const again = `\`minikube delete -p ${this.profile}\` and \`minikube start -p ${this.profile}${flags}\``;
    return `run \`pulumi config set minikubeProfile NAME\` for another one, or, if nothing in this one is needed, ${again}`;
  }

  /** Asks for the profile. Throws a `Problem` when it is not there, does not run, or says what is not understood. */
  async read(): Promise<MinikubeProfile> {
    const profiles = await this.list();
    const found = profiles.find(({ Name }) => Name === this.profile);
    if (found === undefined) {
      const names = profiles.flatMap(({ Name }) => Name ?? []);
      throw new Problem(
        `There is no minikube profile "${this.profile}": ${names.length > 0 ? `there are ${names.join(", ")}` : "there is none"}`,
        `run \`minikube start -p ${this.profile}\`, or \`pulumi config set minikubeProfile NAME\``,
      );
    }
    const { Status, Config } = found;
    if (!Config) {
      throw new Problem(`The minikube profile "${this.profile}" is broken`, this.makeAnew());
    }
    if (Status === undefined || !running.includes(Status)) {
      const mend = Status === "Paused" ? "unpause" : "start";
      throw new Problem(
        `The minikube profile "${this.profile}" does not run (it is ${Status || "unknown"})`,
        `run \`minikube ${mend} -p ${this.profile}\``,
      );
    }
    const runtime = runtimes.find((each) => each === Config.KubernetesConfig?.ContainerRuntime);
    if (runtime === undefined) {
      throw new Problem(
        `The minikube profile "${this.profile}" has the container runtime "${Config.KubernetesConfig?.ContainerRuntime ?? ""}": allowed are ${runtimes.join(", ")}`,
        this.makeAnew(" --container-runtime docker"),
      );
    }
    const nodes = Config.Nodes ?? [];
    // minikube itself asks the first control plane.
    const first = nodes.find(({ ControlPlane }) => ControlPlane === true) ?? nodes[0];
    const { APIServerName = defaultServerName, APIServerHAVIP = "" } = Config.KubernetesConfig ?? {};
    return {
      name: this.profile,
      driver: Config.Driver ?? "",
      runtime,
      nodes: nodes.length,
      address: first?.IP ?? "",
      serverNames: [APIServerName, APIServerHAVIP].filter((name) => name !== "" && name !== defaultServerName),
      serverPorts: [first?.Port ?? apiServerPort, ...(Config.Addons?.["auto-pause"] === true ? [autoPausePort] : [])],
      network: Config.Network ?? "",
      publishedPorts: Config.ExposedPorts ?? [],
    };
  }

  /**
   * Whether the profile looks like one whose Docker daemon is to be asked for, before minikube said so: from the file in
   * which minikube keeps it. Each answer takes minikube a while, so they are better asked for at once. `docker-env` is
   * not asked blindly, since with containerd it starts a service in the node.
   */
  looksShared(environment: NodeJS.ProcessEnv, home: string): boolean {
    const base = environment["MINIKUBE_HOME"] || home;
    const folder = path.basename(base) === ".minikube" ? base : path.join(base, ".minikube");
    try {
      const text = fs.readFileSync(path.join(folder, "profiles", this.profile, "config.json"), "utf8");
      const { Driver, KubernetesConfig, Nodes } = JSON.parse(text) as NonNullable<ListedProfile["Config"]>;
      return Driver !== "none" && KubernetesConfig?.ContainerRuntime === "docker" && Nodes?.length === 1;
    } catch {
      return false;
    }
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
        `\`${this.line(args)}\` did not answer with a DOCKER_HOST`,
        `run \`minikube status -p ${this.profile}\``,
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
        `\`${this.line(["ip"])}\` did not answer with an address`,
        `run \`minikube status -p ${this.profile}\``,
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
      throw new Problem(`\`${this.line(args)}\` failed (${whatItSaid(failure, stderr, stdout)})`, this.mend(failure));
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
        fs.readFileSync(path.join(folder, name));
      } catch {
        throw new Problem(
          `The Docker certificate ${path.join(folder, name)} cannot be read`,
          `run \`minikube start -p ${this.profile}\` to write it again`,
        );
      }
    }
  }
}

function whatItSaid(failure: string | undefined, stderr: string, stdout: string): string {
  const lines = (stderr.trim() || stdout.trim()).split("\n");
  // Warnings come before the reason.
  return failure ?? lines.find((line) => line.includes("Exiting due to")) ?? lines[0] ?? "";
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
  throw new Problem(`\`${command}\` did not answer with JSON`, "run it to see what it says");
}
