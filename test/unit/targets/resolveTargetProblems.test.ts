import assert from "node:assert/strict";

import { resolveTarget } from "../../../components/targets/resolveTarget";
import type { Settings } from "../../../components/config/settings";
import { temporaryFolder } from "../helpers/folders";
import {
  changed,
  daemonFacts,
  desktopSocket,
  fakeHost,
  type FakeHostOptions,
  kubeconfigOf,
  settings,
  systemError,
} from "../helpers/host";
import { readNothing } from "../helpers/prior";
import { minikubeCommands } from "../helpers/minikube";
import { isProblem } from "../helpers/problems";

const minikube: Settings = changed(settings, { target: "minikube" });
const dockerBuild: Settings = changed(settings, { builder: "docker-build" });

describe("A target that cannot be used", () => {
  const folder = temporaryFolder();
  const refuse = async (chosen: Settings, options: FakeHostOptions, message: string): Promise<void> => {
    await assert.rejects(
      resolveTarget(chosen, readNothing, fakeHost({ home: folder.path(), ...options })),
      isProblem(message),
    );
  };
  const kubeconfig = (): string => folder.path(".kube", "config");
  const refusedBy = (code: string) => (): Promise<never> => Promise.reject(systemError(code));

  beforeEach(() => {
    folder.write({ ".kube/config": kubeconfigOf("docker-desktop", "minikube") });
  });

  it("is refused for a type of service that it does not have", async () => {
    await refuse(
      changed(settings, { target: "sandbox", serviceType: "LoadBalancer" }),
      {},
      'Config key "serviceType" is "LoadBalancer": target "sandbox" allows NodePort; run `pulumi config set serviceType NodePort`.',
    );
  });

  describe("since its context is in no kubeconfig", () => {
    it("is refused with the contexts that are there", async () => {
      await refuse(
        changed(settings, { kubeContext: "docker-dektop" }),
        {},
        `Kube context "docker-dektop" is not in ${kubeconfig()}: there are docker-desktop, minikube; start Docker Desktop and turn on Settings > Kubernetes > Enable Kubernetes, or run \`pulumi config set kubeContext NAME\`.`,
      );
    });

    it("is refused with how to start minikube", async () => {
      folder.write({ other: kubeconfigOf("docker-desktop") });
      await refuse(
        minikube,
        { environment: { KUBECONFIG: folder.path("other") }, commands: minikubeCommands() },
        `Kube context "minikube" is not in ${folder.path("other")}: there are docker-desktop; run \`minikube start -p minikube\`, or run \`pulumi config set kubeContext NAME\`.`,
      );
    });
  });

  describe("since its cluster does not answer", () => {
    it("is refused with how to start Docker Desktop's", async () => {
      await refuse(
        settings,
        { endpoints: { cluster: refusedBy("ECONNREFUSED") } },
        'The cluster of kube context "docker-desktop" at https://docker-desktop:6443 cannot be reached (ECONNREFUSED); start Docker Desktop and turn on Settings > Kubernetes > Enable Kubernetes.',
      );
    });

    it("is refused with how to start minikube's", async () => {
      await refuse(
        minikube,
        {
          commands: minikubeCommands(),
          endpoints: { cluster: () => Promise.reject(new Error("no answer within 5 s")) },
        },
        'The cluster of kube context "minikube" at https://192.168.49.2:8443 cannot be reached (no answer within 5 s); run `minikube start -p minikube`.',
      );
    });
  });

  describe("since its Docker daemon does not answer", () => {
    const own = (...files: string[]): string => `unix://${folder.path(".docker", ...files)}`;
    const desktops = (): string => `nothing is at ${own("desktop", "docker.sock")}, ${own("run", "docker.sock")}`;

    it("is refused with what was looked for and how to start Docker Desktop", async () => {
      await refuse(
        settings,
        { files: [] },
        `No Docker daemon was found for target "docker-desktop": ${desktops()}, unix:///var/run/docker.sock; start Docker Desktop, then look with \`docker --context desktop-linux info\`.`,
      );
    });

    it("is refused with what each daemon said that is not Docker Desktop's", async () => {
      await refuse(
        settings,
        {
          files: ["/var/run/docker.sock"],
          endpoints: { daemon: () => Promise.resolve({ ...daemonFacts, system: "Debian GNU/Linux 12 (bookworm)" }) },
        },
        `No Docker daemon was found for target "docker-desktop": unix:///var/run/docker.sock (not Docker Desktop's but of Debian GNU/Linux 12 (bookworm)); ${desktops()}; start Docker Desktop, then look with \`docker --context desktop-linux info\`.`,
      );
    });

    it("is refused with how to be allowed to use it", async () => {
      await refuse(
        settings,
        { files: ["/var/run/docker.sock"], endpoints: { daemon: refusedBy("EACCES") } },
        `No Docker daemon was found for target "docker-desktop": unix:///var/run/docker.sock (EACCES); ${desktops()}; run \`sudo usermod -aG docker $USER\` and sign in again, so that you may use the daemon's socket.`,
      );
    });

    it("is refused with what names it, and how to have another one", async () => {
      await refuse(
        changed(settings, { kubeContext: "minikube" }),
        { environment: { DOCKER_HOST: "tcp://10.0.0.1" }, endpoints: { daemon: refusedBy("ECONNREFUSED") } },
        'The Docker daemon of target "docker-desktop" at tcp://10.0.0.1:2375, which DOCKER_HOST names, cannot be reached (ECONNREFUSED); start it, or run `unset DOCKER_HOST` for another one.',
      );
    });

    it("is refused with how to start minikube", async () => {
      await refuse(
        minikube,
        { commands: minikubeCommands(), endpoints: { daemon: refusedBy("EHOSTUNREACH") } },
        'The Docker daemon of target "minikube" at tcp://192.168.49.2:2376 cannot be reached (EHOSTUNREACH); run `minikube start -p minikube`.',
      );
    });

    it("is refused with all that were looked for and how to start Docker, where minikube's nodes are given the image", async () => {
      const { message } = await resolveTarget(
        minikube,
        readNothing,
        fakeHost({ home: folder.path(), commands: minikubeCommands({ runtime: "containerd" }), files: [] }),
      ).then(
        () => new Error("not refused"),
        (error: unknown) => error as Error,
      );
      assert.match(
        message,
        /^No Docker daemon was found for target "minikube": nothing is at unix:\/\/\/var\/run\/docker\.sock, .*; start Docker, which builds the image\.$/,
      );
    });
  });

  describe("since the shell is set to the Docker daemon of a minikube", () => {
    it("is refused for a target that builds elsewhere", async () => {
      await refuse(
        settings,
        { environment: { MINIKUBE_ACTIVE_DOCKERD: "minikube" } },
        'This shell is set to the Docker daemon of the minikube profile "minikube" (MINIKUBE_ACTIVE_DOCKERD), and target "docker-desktop" builds on another; run `eval $(minikube docker-env --unset)`.',
      );
    });

    it("is refused for another profile's", async () => {
      await refuse(
        minikube,
        { environment: { MINIKUBE_ACTIVE_DOCKERD: "staging" }, commands: minikubeCommands() },
        'This shell is set to the Docker daemon of the minikube profile "staging" (MINIKUBE_ACTIVE_DOCKERD), and target "minikube" builds on that of profile "minikube"; run `eval $(minikube docker-env --unset)`.',
      );
    });
  });

  it("is refused when its context leads to another cluster than minikube's", async () => {
    await refuse(
      changed(minikube, { kubeContext: "docker-desktop" }),
      { commands: minikubeCommands() },
      'Kube context "docker-desktop" leads to https://docker-desktop:6443, and the minikube profile "minikube" is at https://192.168.49.2:8443; run `minikube update-context -p minikube`.',
    );
  });

  it("is refused when minikube says that it does not run", async () => {
    await refuse(
      minikube,
      { commands: minikubeCommands({ status: "Stopped" }) },
      'The minikube profile "minikube" does not run (it is Stopped); run `minikube start -p minikube`.',
    );
  });

  describe("since its builder cannot build there", () => {
    const containerd = { daemon: () => Promise.resolve({ ...daemonFacts, containerdStore: true }) };

    it("is refused with the builder that can, for docker and containerd's image store", async () => {
      await refuse(
        settings,
        { endpoints: containerd },
        `The Docker daemon at ${desktopSocket(folder.path())} keeps its images in containerd's store, which builder "docker" cannot handle; run \`pulumi config set builder auto\`.`,
      );
    });

    it("is refused with the variable to set, for docker-build and a DOCKER_HOST elsewhere", async () => {
      const socket = desktopSocket(folder.path());
      await refuse(
        dockerBuild,
        { environment: { DOCKER_HOST: "tcp://10.0.0.1:2375" } },
        `Builder "docker-build" builds on the Docker daemon of the environment, tcp://10.0.0.1:2375, and the target's is ${socket}; run \`export DOCKER_HOST=${socket}\`.`,
      );
    });

    it("is refused with the variable to set, for docker-build where the shell leads to the system's own", async () => {
      const socket = desktopSocket(folder.path());
      await refuse(
        dockerBuild,
        {},
        `Builder "docker-build" builds on the Docker daemon of the environment, unix:///var/run/docker.sock, and the target's is ${socket}; run \`export DOCKER_HOST=${socket}\`.`,
      );
    });

    it("is refused with the variable to set, for docker-build and a docker context that does not exist", async () => {
      const socket = desktopSocket(folder.path());
      await refuse(
        dockerBuild,
        { environment: { DOCKER_CONTEXT: "gone" } },
        `Builder "docker-build" builds on the Docker daemon of the environment, unknown, and the target's is ${socket}; run \`export DOCKER_HOST=${socket}\`.`,
      );
    });

    const leftovers: [environment: NodeJS.ProcessEnv, values: string, unset: string][] = [
      [
        { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/gone" },
        "DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/gone",
        "DOCKER_TLS_VERIFY DOCKER_CERT_PATH",
      ],
      [{ DOCKER_TLS_VERIFY: "1" }, "DOCKER_TLS_VERIFY=1", "DOCKER_TLS_VERIFY"],
      [{ DOCKER_TLS_VERIFY: "", DOCKER_CERT_PATH: "/gone" }, "DOCKER_CERT_PATH=/gone", "DOCKER_CERT_PATH"],
      [{ DOCKER_TLS: "1" }, "DOCKER_TLS=1", "DOCKER_TLS"],
    ];
    for (const chosen of [settings, dockerBuild]) {
      for (const [environment, values, unset] of leftovers) {
        it(`is refused with the variables to unset, for ${chosen.image.builder} and ${values} left in the shell`, async () => {
          const socket = desktopSocket(folder.path());
          await refuse(
            chosen,
            { environment: { DOCKER_HOST: socket, ...environment } },
            `This shell sets ${values}, and the Docker daemon at ${socket} is reached without TLS; run \`unset ${unset}\`.`,
          );
        });
      }
    }

    it("is refused with the variable to unset, for a version of Docker's API that does not exist", async () => {
      await refuse(
        settings,
        { environment: { DOCKER_API_VERSION: "latest" } },
        'DOCKER_API_VERSION is "latest": allowed is a version of Docker\'s API, such as 1.45; run `unset DOCKER_API_VERSION`.',
      );
    });

    const elsewhereHost = "unix:///var/run/other.sock";
    const elsewhere: [what: string, environment: NodeJS.ProcessEnv][] = [
      ["a DOCKER_HOST elsewhere", { DOCKER_HOST: elsewhereHost }],
      ["the right DOCKER_HOST without its certificates", { DOCKER_HOST: "tcp://192.168.49.2:2376" }],
      [
        "the right DOCKER_HOST with other certificates",
        { DOCKER_HOST: "tcp://192.168.49.2:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/elsewhere" },
      ],
    ];
    for (const [what, environment] of elsewhere) {
      it(`is refused with the variables to set, for docker-build on a daemon with TLS and ${what}`, async () => {
        folder.write({ "certs/ca.pem": "CA", "certs/cert.pem": "CERT", "certs/key.pem": "KEY" });
        const certs = folder.path("certs");
        await refuse(
          changed(minikube, { builder: "docker-build" }),
          { commands: minikubeCommands({}, certs), environment },
          `Builder "docker-build" builds on the Docker daemon of the environment, ${environment["DOCKER_CERT_PATH"] === undefined ? (environment["DOCKER_HOST"] ?? "") : "unknown"}, and the target's is tcp://192.168.49.2:2376; run \`export DOCKER_HOST=tcp://192.168.49.2:2376 DOCKER_CERT_PATH=${certs} DOCKER_TLS_VERIFY=1 MINIKUBE_ACTIVE_DOCKERD=minikube${environment["DOCKER_HOST"] === elsewhereHost ? ` MINIKUBE_EXISTING_DOCKER_HOST=${elsewhereHost}` : ""}\`.`,
        );
      });
    }
  });
});
