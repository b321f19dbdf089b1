import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { getTools, skip } from "./helpers/cluster";
import { refusesUp } from "./helpers/refusal";
import { Workspace } from "./helpers/workspace";

const good = { target: "docker-desktop", debug: true, namespace: "bad-input", builder: "docker-build" };

interface Case {
  title: string;
  config?: Record<string, string | boolean>;
  environment?: NodeJS.ProcessEnv;
  prepare?: (workspace: Workspace) => void | Promise<void>;
  /** A text that is in no file of the state. */
  secret?: string;
  /** A file with which the case is another one. */
  needsNo?: string;
  message: (workspace: Workspace) => string;
}

const configCase = (key: string, value: string, allowed: string, example: string | number): Case => ({
  title: `${key} "${value}"`,
  config: { [key]: value },
  message: () =>
    `Config key "${key}" is "${value}": allowed is ${allowed}; run \`pulumi config set ${key} ${example} --stack dev\`.`,
});

const targets = "one of docker-desktop, minikube, sandbox, cluster";
const platforms = "linux/<architecture>, such as linux/amd64 or linux/arm64, or several with commas between";
const label = "a DNS label (at most 63 of a-z, 0-9 and -, not starting or ending with -)";

const cases: Case[] = [
  {
    title: "a missing target",
    config: { target: "" },
    message: () =>
      `Config key "target" is not set: allowed is ${targets}; run \`pulumi config set target docker-desktop --stack dev\`.`,
  },
  configCase("target", "moon", targets, "docker-desktop"),
  configCase("nodePort", "http", "a whole number from 30000 to 32767", 30080),
  configCase("nodePort", "8080", "a whole number from 30000 to 32767", 30080),
  configCase("replicas", "-1", "a whole number from 0 to 1000", 1),
  configCase("replicas", "1.5", "a whole number from 0 to 1000", 1),
  configCase("builder", "kaniko", "one of auto, docker, docker-build", "auto"),
  configCase("serviceType", "HostPort", "one of NodePort, LoadBalancer, ClusterIP", "NodePort"),
  configCase("namespace", "My_Space", label, "kubernetes-django"),
  configCase("platform", "amd64", platforms, "linux/amd64"),
  {
    title: "debug off without secretKey",
    config: { debug: false },
    message: () =>
      'Config key "secretKey" is not set: with debug off Django needs one; run `pulumi config set --secret secretKey "$(openssl rand -base64 48)" --stack dev`, or `pulumi config set debug true --stack dev`.',
  },
  {
    title: "a kube context that is not in the kubeconfig",
    config: { kubeContext: "elsewhere" },
    message: ({ folder }) =>
      `Kube context "elsewhere" is not in ${folder}/kubeconfig: there are docker-desktop; start Docker Desktop and turn on Settings > Kubernetes > Enable Kubernetes, or run \`pulumi config set kubeContext NAME --stack dev\`.`,
  },
  {
    title: "a cluster that does not answer",
    prepare: ({ folder }) => {
      const kubeconfig = path.join(folder, "kubeconfig");
      const text = fs.readFileSync(kubeconfig, "utf8");
      fs.writeFileSync(kubeconfig, text.replace(/"server": "[^"]*"/, '"server": "https://127.0.0.1:9"'));
    },
    message: () =>
      'The cluster of kube context "docker-desktop" at https://127.0.0.1:9 cannot be reached (ECONNREFUSED); start Docker Desktop and turn on Settings > Kubernetes > Enable Kubernetes.',
  },
  {
    title: "a Docker daemon that does not answer",
    environment: { DOCKER_HOST: "unix:///nowhere/docker.sock" },
    prepare: ({ folder }) => {
      const socket = path.join(folder, "home", ".docker", "run", "docker.sock");
      fs.rmSync(socket);
      fs.writeFileSync(socket, "");
    },
    // Docker Desktop may have the system's socket.
    needsNo: "/var/run/docker.sock",
    message: ({ folder }) => {
      const sockets = path.join(folder, "home", ".docker");
      const absent = [
        `unix://${sockets}/desktop/docker.sock`,
        "unix:///nowhere/docker.sock",
        "unix:///var/run/docker.sock",
      ];
      return `No Docker daemon was found for target "docker-desktop": unix://${sockets}/run/docker.sock (ECONNREFUSED); nothing is at ${absent.join(", ")}; start Docker Desktop, then look with \`docker --context desktop-linux info\`.`;
    },
  },
  {
    title: "a project without a Dockerfile",
    prepare: ({ folder }) => {
      fs.rmSync(path.join(folder, "app", "Dockerfile"));
    },
    message: () =>
      "app has no Dockerfile, which says how the image of your project is built; run `git checkout -- app` to get the example back, or `npm run init -- FOLDER` with the folder of your project.",
  },
  {
    title: "an encrypted build argument",
    prepare: async (workspace) => {
      await workspace.pulumiOk("config", "set", "--secret", "--path", "buildArgs.TOKEN", "t0ken-of-a-build");
    },
    secret: "t0ken-of-a-build",
    message: () =>
      'Config key "buildArgs" has an encrypted value, which a build argument would publish: the image\'s history shows it; run `pulumi config rm --path buildArgs.NAME --stack dev` and `pulumi config set --secret --path buildSecrets.NAME VALUE --stack dev`, and read it in the Dockerfile with `RUN --mount=type=secret,id=NAME`.',
  },
  {
    title: "a shell in which another daemon's TLS settings were left",
    environment: { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/gone" },
    message: ({ folder }) =>
      `This shell sets DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/gone, and the Docker daemon at unix://${folder}/home/.docker/run/docker.sock is reached without TLS; run \`unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH\`.`,
  },
  {
    title: "a shell set to minikube's Docker daemon",
    environment: { MINIKUBE_ACTIVE_DOCKERD: "minikube" },
    message: () =>
      'This shell is set to the Docker daemon of the minikube profile "minikube" (MINIKUBE_ACTIVE_DOCKERD), and target "docker-desktop" builds on another; run `eval $(minikube docker-env --unset)`.',
  },
];

describe("bad input ends `pulumi up` with one sentence", () => {
  for (const { title, config = {}, environment = {}, prepare, needsNo, secret, message } of cases) {
    it(`for ${title}, and creates nothing`, async function () {
      if (needsNo !== undefined && fs.existsSync(needsNo)) {
        skip(this, `${needsNo} is there`);
      }
      const workspace = await Workspace.create(await getTools(), "dev", { ...good, ...config });
      try {
        await prepare?.(workspace);
        await refusesUp(workspace, message(workspace), environment);
        if (secret !== undefined) {
          assert.deepEqual(filesWith(path.join(workspace.folder, ".pulumi"), secret), []);
        }
      } finally {
        fs.rmSync(workspace.folder, { recursive: true });
      }
    });
  }
});

/** The files of a folder in which a text stands. */
const filesWith = (folder: string, text: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile() && fs.readFileSync(file, "latin1").includes(text));
