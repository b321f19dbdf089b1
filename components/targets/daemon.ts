import fs from "node:fs";
import path from "node:path";

import type { TargetName } from "../config/cluster";
import type { Builder } from "../config/image";
import { Problem } from "../problem";
import type { DaemonAddress, DaemonFacts } from "./endpoints";
import { reasonOf } from "./reason";
import { dockerVariables, type Location } from "./location";
import type { Host } from "./host";

/** The Docker daemon that builds the image: where it is, and what it says about itself. */
export type Daemon = DaemonAddress & DaemonFacts;

/** Makes sure that the target's daemon answers and that the builder can use it. Throws a `Problem`. */
export async function resolveDaemon(
  target: TargetName,
  builder: Builder,
  location: Location,
  host: Host,
): Promise<Daemon> {
  const { daemon: address, daemonHint } = location;
  const facts = await host.endpoints.daemon(address, readTls(address)).catch((error: unknown) => {
    throw new Problem(
      `The Docker daemon of target "${target}" at ${address.host} cannot be reached (${reasonOf(error)})`,
      daemonHint,
    );
  });
  if (builder === "docker" && facts.containerdStore) {
    throw new Problem(
      `The Docker daemon at ${address.host} keeps its images in containerd's store, which builder "docker" cannot handle`,
      "run `pulumi config set builder docker-build`",
    );
  }
  await builderChecks[builder](location, host);
  return { ...address, ...facts };
}

/** `eval $(minikube docker-env)` stays in a shell: what is meant for another daemon must not be built there unnoticed. */
export function refuseOtherMinikube(target: TargetName, own: string | undefined, environment: NodeJS.ProcessEnv): void {
  const active = environment["MINIKUBE_ACTIVE_DOCKERD"];
  if (active !== undefined && active !== "" && active !== own) {
    throw new Problem(
      `This shell is set to the Docker daemon of the minikube profile "${active}" (MINIKUBE_ACTIVE_DOCKERD), and target "${target}" builds on ${own ? `that of profile "${own}"` : "another"}`,
      "run `eval $(minikube docker-env --unset)`",
    );
  }
}

/** What has to hold for a builder to reach the target's daemon. */
const builderChecks: Record<Builder, (location: Location, host: Host) => Promise<void>> = {
  // Its provider is given the address.
  docker: () => Promise.resolve(),
  // It runs the docker CLI, and that takes its daemon from the environment.
  "docker-build": async (location, host) => {
    const address = location.daemon;
    const wanted = dockerVariables(location);
    const actual = host.environment["DOCKER_HOST"] || (await currentDockerHost(host));
    const hasCertificates = Object.entries(wanted).every(
      ([name, value]) => !/^DOCKER_(CERT_PATH|TLS_VERIFY)$/.test(name) || host.environment[name] === value,
    );
    if (samePlace(actual) !== samePlace(address.host) || !hasCertificates) {
      const variables = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
      throw new Problem(
        `Builder "docker-build" builds on the Docker daemon of the environment, ${actual || "unknown"}, and the target's is ${address.host}`,
        `run \`export ${variables.join(" ")}\``,
      );
    }
  },
};

async function currentDockerHost(host: Host): Promise<string> {
  const args = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  return (await host.run("docker", args)).stdout.trim();
}

/** Docker Desktop's socket is reached by links of several names. */
function samePlace(host: string): string {
  const file = host.replace(/^unix:\/\//, "");
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

/** The certificates for a daemon that requires TLS; empty for one without. */
export function readTls({ certPath }: DaemonAddress): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  if (certPath === undefined) {
    return {};
  }
  const read = (name: string): Buffer => fs.readFileSync(path.join(certPath, name));
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
