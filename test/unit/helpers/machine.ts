import assert from "node:assert/strict";
import fs from "node:fs";
import type http from "node:http";
import path from "node:path";

import { writeCertificate } from "./certificates";
import { checkout } from "./checkout";
import { configure, project, readConfig } from "./config";
import { ownEnvironment } from "./environment";
import { temporaryFolder, type TemporaryFolder } from "./folders";
import { createdBy } from "./kubernetes";
import { profileList } from "./minikube";
import { isPrintedAlone } from "./problems";
import { type Inputs, type Run, runProgram, type RunOptions } from "./registrations";
import { always, localServers } from "./servers";

const info = { ID: "daemon-1", Architecture: "x86_64", DriverStatus: null };
const kubeSystem = { metadata: { uid: "cluster-1" } };

/** A cluster with the namespaces that every cluster has. */
const cluster: http.RequestListener = (request, response) => {
  const isThere = request.url === "/api/v1/namespaces/kube-system";
  always(isThere ? 200 : 404, isThere ? kubeSystem : { kind: "Status" })(request, response);
};

type Program = () => Promise<Inputs>;

/** Loads index.ts again: the home folder and the cache folder are looked up when a module loads. */
function loadProgram(): Program {
  const targets = ["resolveTarget", "target", "sandbox", "host"].map((name) => `components/targets/${name}.ts`);
  const files = ["index.ts", "components/prepareApp.ts", ...targets].map((name) => path.join(checkout, name));
  const loaded = files.map((file) => [file, require.cache[file]] as const);
  const forget = (): void => {
    files.forEach((file) => Reflect.deleteProperty(require.cache, file));
  };
  forget();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const program = require("../../../index") as Program;
  forget();
  // Other tests of this process have their own home folder.
  loaded.forEach(([file, module]) => module && (require.cache[file] = module));
  return program;
}

/** A machine on which each test of a suite runs the whole program. */
export interface Machine {
  /** Of the home folder `home` and the cache folder `cache`. */
  folder: TemporaryFolder;
  /** Writes a kubeconfig whose one context leads to a cluster that answers, or to `port`; returns the port. */
  writeKubeconfig: (file: string, context: string, port?: number) => Promise<number>;
  /** Starts a Docker daemon on a socket; returns its address. */
  serveDaemon: (socket: string) => Promise<string>;
  /** Puts a minikube on PATH that answers as the real one does, and starts its Docker daemon, which wants TLS. */
  serveMinikube: (apiServerPort: number) => Promise<{ host: string; certPath: string }>;
  /** Runs the program with a stack's own config and more. */
  run: (stack: string, more?: Inputs, options?: RunOptions) => Promise<Run>;
  /** Makes sure that the program says what is wrong and declares nothing. */
  refuse: (stack: string, more: Inputs, message: string) => Promise<void>;
}

export function machine(): Machine {
  ownEnvironment();
  const folder = temporaryFolder();
  const { serve } = localServers();

  beforeEach(() => {
    process.chdir(checkout);
    process.env["HOME"] = folder.path("home");
    process.env["XDG_CACHE_HOME"] = folder.path("cache");
  });

  const run = async (stack: string, more: Inputs = {}, options: RunOptions = {}): Promise<Run> => {
    const own = Object.entries(readConfig(`Pulumi.${stack}.yaml`)).map(([key, value]) => [
      key.replace(`${project}:`, ""),
      value,
    ]);
    const config = { ...Object.fromEntries(own), ...more } as Inputs;
    const program = loadProgram();
    return await runProgram(
      async () => {
        configure(config);
        return await program();
      },
      { stack, answer: createdBy(31234), ...options },
    );
  };

  const refuse = async (stack: string, more: Inputs, message: string): Promise<void> => {
    const declared: string[] = [];
    const answer = (type: string): Inputs => {
      declared.push(type);
      return {};
    };
    await assert.rejects(run(stack, more, { answer }), isPrintedAlone(message));
    assert.deepEqual(declared, ["pulumi:pulumi:Stack"]);
  };

  const writeKubeconfig: Machine["writeKubeconfig"] = async (file, context, port) => {
    const own = port ?? (await serve(cluster));
    const server = `http://127.0.0.1:${own}`;
    folder.write({
      [file]: JSON.stringify({
        contexts: [{ name: context, context: { cluster: context } }],
        clusters: [{ name: context, cluster: { server } }],
      }),
    });
    return own;
  };

  const serveDaemon = async (socket: string): Promise<string> => {
    fs.mkdirSync(path.dirname(folder.path(socket)), { recursive: true });
    await serve(always(200, info), { socket: folder.path(socket) });
    return `unix://${folder.path(socket)}`;
  };

  const serveMinikube: Machine["serveMinikube"] = async (apiServerPort) => {
    const certPath = folder.path("certs");
    const { cert, key } = writeCertificate(certPath);
    const tls = { ca: cert, cert, key, requestCert: true };
    const host = `tcp://127.0.0.1:${await serve(always(200, info), { tls })}`;
    const variables = JSON.stringify({ DOCKER_HOST: host, DOCKER_CERT_PATH: certPath });
    folder.write({
      "bin/minikube": {
        executable: `#!/bin/sh
case "$*" in
*"profile list"*) echo '${profileList({ address: "127.0.0.1", apiServerPort })}' ;;
*docker-env*) echo '${variables}' ;;
*ip) echo 192.168.49.2 ;;
esac
`,
      },
    });
    process.env["PATH"] = [folder.path("bin"), process.env["PATH"]].join(path.delimiter);
    return { host, certPath };
  };

  return { folder, writeKubeconfig, serveDaemon, serveMinikube, run, refuse };
}
