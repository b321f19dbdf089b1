import type { TargetName } from "../config/cluster";
import type { Builder, BuilderChoice } from "../config/image";
import { Problem } from "../problem";
import { chooseBuilder } from "./builder";
import { cliDaemon, tlsVariables } from "./dockerCli";
import { type DaemonAddress, type DaemonFacts, readTls } from "./endpoints";
import { leadsTo, notThere, type PassedOver } from "./findDaemon";
import type { Host } from "./host";
import { dockerVariables, type Location } from "./location";
import { reasonOf } from "./reason";

/** The Docker daemon that builds the image: where it is, and what it says about itself. */
export type Daemon = DaemonAddress & DaemonFacts;

/** Makes sure that the target's daemon answers and that the builder can use it. Throws a `Problem`. */
export async function resolveDaemon(
  target: TargetName,
  { choice, pulls }: { choice: BuilderChoice; pulls: boolean },
  location: Location,
  host: Host,
): Promise<{ daemon: Daemon; builder: Builder }> {
  const daemon = { ...location.daemon, ...(await askDaemon(target, location, host)) };
  const builder = chooseBuilder(choice, pulls, daemon);
  refuseOtherDaemon(builder, location, host);
  return { daemon, builder };
}

/** What the target's daemon says about itself. Throws a `Problem` with all that were asked where none can be used. */
export async function askDaemon(
  target: TargetName,
  { daemon, facts, namedBy, passedOver = [], daemonHint }: Location,
  { endpoints }: Host,
): Promise<DaemonFacts> {
  if (facts !== undefined) {
    return facts;
  }
  const help = (reasons: string[]): string => (reasons.includes("EACCES") ? joinGroup : daemonHint);
  if (passedOver.length > 1) {
    const reasons = passedOver.map(({ reason }) => reason);
    throw new Problem(`No Docker daemon was found for target "${target}": ${describe(passedOver)}`, help(reasons));
  }
  const refusal = (reason: string): Problem => {
    const named = namedBy === undefined ? "" : `, which ${namedBy} names,`;
    return new Problem(
      `The Docker daemon of target "${target}" at ${daemon.host}${named} cannot be reached (${reason})`,
      help([reason]),
    );
  };
  const [only] = passedOver;
  if (only !== undefined) {
    throw refusal(only.reason);
  }
  try {
    return await endpoints.daemon(daemon, readTls(daemon));
  } catch (error) {
    throw refusal(reasonOf(error));
  }
}

/** What to do when the socket is there and this user may not open it. */
const joinGroup = "run `sudo usermod -aG docker $USER` and sign in again, so that you may use the daemon's socket";

function describe(passedOver: readonly PassedOver[]): string {
  const absent = passedOver.filter(({ reason }) => reason === notThere).map(({ host }) => host);
  const said = passedOver.filter(({ reason }) => reason !== notThere);
  const nothing = absent.length === 0 ? [] : [`nothing is at ${absent.join(", ")}`];
  return [...said.map(({ host, reason }) => `${host} (${reason})`), ...nothing].join("; ");
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

/** Refuses a shell whose variables keep a builder from the target's daemon. `npm run` hands none of them on. */
function refuseOtherDaemon(builder: Builder, location: Location, host: Host): void {
  const { environment } = host;
  const { daemon } = location;
  const left = tlsVariables.filter((name) => environment[name]);
  if (daemon.certPath === undefined && left.length > 0) {
    const values = left.map((name) => `${name}=${environment[name] ?? ""}`);
    throw new Problem(
      `This shell sets ${values.join(" ")}, and the Docker daemon at ${daemon.host} is reached without TLS`,
      `run \`unset ${left.join(" ")}\``,
    );
  }
  const version = environment["DOCKER_API_VERSION"];
  if (version && !/^1\.[0-9]+$/.test(version)) {
    throw new Problem(
      `DOCKER_API_VERSION is "${version}": allowed is a version of Docker's API, such as 1.45`,
      "run `unset DOCKER_API_VERSION`",
    );
  }
  if (builder === "docker-build") {
    refuseOtherCli(location, host);
  }
}

/** Builder docker-build runs the docker CLI, which takes its daemon from the environment. */
function refuseOtherCli(location: Location, host: Host): void {
  const { daemon } = location;
  const actual = cliAddress(host);
  const isSame =
    actual !== undefined && leadsTo(actual.host) === leadsTo(daemon.host) && actual.certPath === daemon.certPath;
  if (!isSame) {
    const variables = Object.entries(dockerVariables(location)).map(([name, value]) => `${name}=${value}`);
    throw new Problem(
      `Builder "docker-build" builds on the Docker daemon of the environment, ${actual?.host ?? "unknown"}, and the target's is ${daemon.host}`,
      `run \`export ${variables.join(" ")}\``,
    );
  }
}

function cliAddress(host: Host): DaemonAddress | undefined {
  try {
    return cliDaemon(host).address;
  } catch {
    // DOCKER_HOST goes before whatever is wrong with a context.
    return undefined;
  }
}
