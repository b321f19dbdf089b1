import type { V1Secret } from "@kubernetes/client-node";

import { readIfThere } from "../../../components/kubernetes/client";
import type { Live } from "../../../components/kubernetes/types";
import { Problem } from "../../../components/problem";
import { appWords } from "../../app/appWords";
import { type AppChoice, type AppOption, onApp } from "../../app/onApp";
import { ownPlace } from "../../app/ownPlace";
import { selectorOf } from "../../app/role";
import type { Workload } from "../../app/workloads";
import { choosePod } from "../../forward/choosePod";
import { holdForward, localAddress } from "../../forward/forward";
import { podsWith } from "../../logs/containerLog";
import type { Place, Template } from "../../rollout/kubernetes";
import { type Ports, readPorts } from "./ports";
import { clientCommand, type Server, serverOf, urlOf } from "./server";
import { configuredPort, standing, templateOf } from "./standing";

/** Options of `npm run forward`. */
export interface ForwardOptions extends AppOption {
  /** Print the URL of a server with its password. */
  showUrl?: boolean;
}

/**
 * Leads a port of this machine to one of what a stack runs, until Ctrl-C, through replaced pods.
 *
 * Standard output is what is forwarded and how a server is signed in to, standard error what is said about connections.
 *
 * @param name of a process, `web`, `database` or `redis`; `postgres` is the database, too
 * @param ports `PORT` or `LOCAL:PORT`. @default the port that the stack's config gives it
 * @throws a `Problem` for a name or a port that is not known, and where the local port cannot be had
 */
export async function forward(
  stack: string,
  name: string,
  ports: string | undefined,
  options: ForwardOptions,
): Promise<void> {
  const wanted = ports === undefined ? undefined : readPorts(ports);
  await onApp(stack, options, async (choice) => {
    await forwardOf(choice, { name, wanted, showUrl: options.showUrl === true });
  });
}

interface Wanted {
  name: string;
  /** @default those of the config */
  wanted: Ports | undefined;
  showUrl: boolean;
}

async function forwardOf(choice: AppChoice, { name, wanted, showUrl }: Wanted): Promise<void> {
  const { stack } = choice;
  const place = await ownPlace(choice, `The port is one of a pod of stack ${stack}, and`);
  const workload = await standing(choice, place, name);
  const template = await templateOf(place, workload);
  const own = configuredPort(workload, template);
  const { local, remote } = wanted ?? defaultPorts(own, workload, choice);
  const server = remote === own ? serverBehind(workload, template) : undefined;
  if (showUrl && server === undefined) {
    throw new Problem(
      `--show-url is for the port of database or redis: ${workload.name} ${remote} has no URL to sign in`,
    );
  }
  const password = showUrl ? await passwordOf(place, server?.secret) : undefined;
  const labelSelector = selectorOf(workload);
  if (choosePod(await podsWith(place, labelSelector)) === undefined) {
    console.error(`No pod of ${workload.name} runs: connections are closed until one does; Ctrl-C ends it`);
  }
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  const { localPort, ended } = await holdForward({
    ...place,
    name: workload.name,
    labelSelector,
    localPort: local,
    remotePort: remote,
    signal: over.signal,
    onLine: console.error,
    withPort: (port) => `run \`npm run forward -- ${appWords(choice)} ${workload.name} ${port}:${remote}\``,
  });
  process.once("SIGINT", end).once("SIGTERM", end);
  const address = `${localAddress}:${localPort}`;
  console.log(`${address} -> ${workload.name} ${remote}`);
  if (server !== undefined) {
    console.log(password === undefined ? clientCommand(server, address) : urlOf(server, address, password));
  }
  if (server !== undefined && password === undefined) {
    console.error("Its password is in the URL that --show-url prints");
  }
  await ended;
}

function defaultPorts(own: number | undefined, { name }: Workload, choice: AppChoice): Ports {
  if (own === undefined) {
    throw new Problem(
      `Process ${name} of stack ${choice.stack} has no port in the config`,
      `name the one that it listens on, as in \`npm run forward -- ${appWords(choice)} ${name} 5555\``,
    );
  }
  return { local: own, remote: own };
}

function serverBehind({ kind }: Workload, template: Template): Server | undefined {
  return kind === "database" || kind === "redis" ? serverOf(kind, template) : undefined;
}

async function passwordOf({ context, namespace }: Place, name: string | undefined): Promise<string> {
  const key = { apiVersion: "v1", kind: "Secret", metadata: { name: name ?? "", namespace } };
  const secret = name === undefined ? undefined : await readIfThere<Live<V1Secret>>(context, key);
  const password = secret?.data?.["password"];
  if (password === undefined) {
    throw new Problem(`Secret ${name ?? ""} of namespace ${namespace} has no password`);
  }
  return Buffer.from(password, "base64").toString();
}
