import fs from "node:fs";
import path from "node:path";

import { getTools } from "./helpers/cluster";
import { type FakeMinikube, installFakeMinikube } from "./helpers/fakeMinikube";
import { refusesUp } from "./helpers/refusal";
import { Workspace } from "./helpers/workspace";

const good = { target: "minikube", debug: true, namespace: "minikube-problems", builder: "docker-build" };
const list = "minikube -p minikube profile list -o json";
const dockerEnv = "minikube -p minikube docker-env --shell none -o json";
const start = "run `minikube start -p minikube`.";

interface Case {
  title: string;
  config?: Record<string, string>;
  prepare: (minikube: FakeMinikube, workspace: Workspace) => void;
  message: (workspace: Workspace) => string;
}

const certificates = (workspace: Workspace): string => path.join(workspace.folder, "certs");

/** Lets docker-env name a folder with the certificates, of which one is made by `make`. */
const withCertificates =
  (make: (file: string) => void): Case["prepare"] =>
  (minikube, workspace) => {
    const folder = certificates(workspace);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, "ca.pem"), "");
    fs.writeFileSync(path.join(folder, "cert.pem"), "");
    make(path.join(folder, "key.pem"));
    const answer = { DOCKER_HOST: "tcp://192.168.49.2:2376", DOCKER_CERT_PATH: folder };
    minikube.answer("docker-env", `echo '${JSON.stringify(answer)}'`);
  };
const certificateMessage: Case["message"] = (workspace) =>
  `The Docker certificate ${certificates(workspace)}/key.pem cannot be read; run \`minikube start -p minikube\` to write it again.`;

const status = (state: string, mend: string): Case => ({
  title: `a profile that is ${state}`,
  prepare: (minikube) => {
    minikube.say({ status: state });
  },
  message: () => `The minikube profile "minikube" does not run (it is ${state}); run \`minikube ${mend} -p minikube\`.`,
});

const cases: Case[] = [
  {
    title: "no minikube",
    prepare: (minikube) => {
      fs.renameSync(path.join(minikube.folder, "minikube"), path.join(minikube.folder, "away"));
    },
    message: () =>
      `\`${list}\` failed (not found); install minikube as https://minikube.sigs.k8s.io/docs/start says, then ${start}`,
  },
  {
    title: "an unknown profile",
    config: { minikubeProfile: "shop" },
    prepare: () => undefined,
    message: () =>
      'There is no minikube profile "shop": there are minikube; run `minikube start -p shop`, or `pulumi config set minikubeProfile NAME --stack minikube`.',
  },
  {
    title: "no profile at all",
    prepare: (minikube) => {
      minikube.say(undefined);
    },
    message: () =>
      'There is no minikube profile "minikube": there is none; run `minikube start -p minikube`, or `pulumi config set minikubeProfile NAME --stack minikube`.',
  },
  status("Stopped", "start"),
  status("Paused", "unpause"),
  {
    title: "an unknown runtime",
    prepare: (minikube) => {
      minikube.say({ runtime: "rkt" });
    },
    message: () =>
      'The minikube profile "minikube" has the container runtime "rkt": allowed are docker, containerd, cri-o, crio; run `pulumi config set minikubeProfile NAME --stack minikube` for another one, or, if nothing in this one is needed, `minikube delete -p minikube` and `minikube start -p minikube --container-runtime docker`.',
  },
  {
    title: "a refused docker-env",
    prepare: (minikube) => {
      minikube.answer(
        "docker-env",
        "echo 'X Exiting due to ENV_DRIVER_CONFLICT: no' >&2; echo 'false exit code 51'; exit 51",
      );
    },
    message: () => `\`${dockerEnv}\` failed (X Exiting due to ENV_DRIVER_CONFLICT: no); ${start}`,
  },
  {
    title: "a certificate that is missing",
    prepare: withCertificates(() => undefined),
    message: certificateMessage,
  },
  {
    title: "a certificate that cannot be read",
    // Not even root reads a folder.
    prepare: withCertificates((file) => {
      fs.mkdirSync(file);
    }),
    message: certificateMessage,
  },
  {
    title: "a kube context that leads to another cluster",
    config: { kubeContext: "docker-desktop" },
    prepare: () => undefined,
    message: ({ folder }) => {
      const kubeconfig = fs.readFileSync(path.join(folder, "kubeconfig"), "utf8");
      const server = /"server": "([^"]*)"/.exec(kubeconfig)?.[1] ?? "";
      return `Kube context "docker-desktop" leads to ${server}, and the minikube profile "minikube" is at https://192.168.49.2:8443; run \`minikube update-context -p minikube\`.`;
    },
  },
  {
    title: "a list of profiles that is no JSON",
    prepare: (minikube) => {
      minikube.answer("profile list", "echo '* There is none'");
    },
    message: () => `\`${list}\` did not answer with JSON; run it to see what it says.`,
  },
  {
    title: "a docker-env that is no JSON",
    prepare: (minikube) => {
      minikube.answer("docker-env", `echo 'export DOCKER_HOST="tcp://192.168.49.2:2376"'`);
    },
    message: () => `\`${dockerEnv}\` did not answer with JSON; run it to see what it says.`,
  },
  {
    title: "a minikube that does not answer within 20 s",
    prepare: (minikube) => {
      minikube.answer("profile list", "exec sleep 300");
    },
    message: () => `\`${list}\` failed (timed out); ${start}`,
  },
];

describe("a minikube that cannot be used ends `pulumi up` with one sentence", () => {
  let workspace: Workspace;
  let minikube: FakeMinikube;

  beforeEach(async () => {
    workspace = await Workspace.create(await getTools(), "minikube", good);
    // Certificates that can be read stand for those of a cluster that need not run for this.
    minikube = installFakeMinikube(workspace.folder, path.join(workspace.folder, "home"));
    for (const name of ["ca.pem", "cert.pem", "key.pem"]) {
      fs.writeFileSync(path.join(workspace.folder, "home", name), "");
    }
  });
  afterEach(() => {
    fs.rmSync(workspace.folder, { recursive: true });
  });

  for (const { title, config = {}, prepare, message } of cases) {
    it(`for ${title}, and creates nothing`, async () => {
      workspace.configure({ ...good, ...config });
      prepare(minikube, workspace);
      const others = (workspace.environment["PATH"] ?? "").split(path.delimiter);
      const PATH = [minikube.folder, ...others.filter((folder) => !fs.existsSync(path.join(folder, "minikube")))];
      await refusesUp(workspace, message(workspace), { PATH: PATH.join(path.delimiter) });
    });
  }
});
