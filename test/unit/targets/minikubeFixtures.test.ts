import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { resolveTarget } from "../../../components/targets/resolveTarget";
import { temporaryFolder } from "../helpers/folders";
import { desktopSocket, fakeHost, type FakeHost, changed, settings } from "../helpers/host";
import { readNothing } from "../helpers/prior";
import { isProblem } from "../helpers/problems";

// Answers of minikube 1.38.1. Those with driver docker on Linux and runtime docker or containerd were recorded from one
// that ran; the others differ from them by what its source gives another driver, runtime, network or number of nodes.
const fixtures = path.join(__dirname, "fixtures", "minikube");

interface Answer {
  exitCode: number;
  stdout: string;
  stderr: string;
}

interface Fixture {
  /** Where the kube context leads. */
  server?: string;
  answers: Record<string, Answer>;
}

const minikube = changed(settings, { target: "minikube" });
const own = "tcp://192.168.58.2:2376";
const address = "192.168.58.2";
const open = "minikube -p minikube service -n shop web --url";

/** What the program makes of the answers: the daemon, or `loaded` for this machine's, and how a page is reached. */
interface Expected {
  daemon: string;
  urlHost: string | undefined;
  /** Where NodePort 30080 is reached, when that is another port. */
  port?: number;
  openCommand?: string;
}

const expectations: Record<string, Expected> = {
  "docker-running": { daemon: own, urlHost: address },
  "docker-containerd": { daemon: "loaded", urlHost: address },
  "docker-crio": { daemon: "loaded", urlHost: address },
  "docker-nodes": { daemon: "loaded", urlHost: address },
  "docker-control-planes": { daemon: "loaded", urlHost: address },
  "docker-macos": { daemon: "tcp://127.0.0.1:32771", urlHost: undefined, openCommand: open },
  "docker-macos-ports": { daemon: "tcp://127.0.0.1:32771", urlHost: "127.0.0.1", port: 8080, openCommand: open },
  "docker-macos-containerd": { daemon: "loaded", urlHost: undefined, openCommand: open },
  "kvm2-docker": { daemon: "tcp://192.168.39.12:2376", urlHost: "192.168.39.12" },
  "kvm2-containerd": { daemon: "loaded", urlHost: "192.168.39.12" },
  "qemu2-builtin": {
    daemon: "tcp://127.0.0.1:51236",
    urlHost: undefined,
    openCommand: "kubectl --context minikube -n shop port-forward service/web 8000",
  },
  none: { daemon: "loaded", urlHost: "10.0.0.5" },
};

const refusals: Record<string, string> = {
  "docker-stopped": 'The minikube profile "minikube" does not run (it is Stopped); run `minikube start -p minikube`.',
  "docker-paused": 'The minikube profile "minikube" does not run (it is Paused); run `minikube unpause -p minikube`.',
  "docker-deleted":
    'There is no minikube profile "minikube": there is none; run `minikube start -p minikube`, or `pulumi config set minikubeProfile NAME`.',
};

describe("What minikube answers", () => {
  const folder = temporaryFolder();

  /** A machine on which minikube answers as it was recorded. */
  const hostOf = (name: string): FakeHost => {
    const fixture = JSON.parse(fs.readFileSync(path.join(fixtures, `${name}.json`), "utf8")) as Fixture;
    folder.write({
      "ca.pem": "CA",
      "cert.pem": "CERT",
      "key.pem": "KEY",
      ".kube/config": JSON.stringify({
        contexts: [{ name: "minikube", context: { cluster: "minikube", user: "minikube" } }],
        clusters: [{ name: "minikube", cluster: { server: fixture.server } }],
      }),
    });
    const commands = Object.entries(fixture.answers).map(([args, answer]) => [
      `minikube -p minikube ${args}`,
      { ...answer, stdout: answer.stdout.replace("/home/user/.minikube/certs", folder.path()) },
    ]);
    return fakeHost({ home: folder.path(), commands: Object.fromEntries(commands) as Record<string, Answer> });
  };

  for (const [name, expected] of Object.entries(expectations)) {
    it(`with ${name} leads to daemon ${expected.daemon} and ${expected.urlHost ?? "a command"}`, async () => {
      const host = hostOf(name);
      const { daemon, store, reach } = await resolveTarget(minikube, readNothing, host);
      const { urlHost, urlPort, openCommand } = reach;
      const isLoaded = expected.daemon === "loaded";
      assert.equal(daemon.host, isLoaded ? desktopSocket(folder.path()) : expected.daemon);
      assert.equal(daemon.certPath, isLoaded ? undefined : folder.path());
      assert.equal("loadInto" in store ? store.loadInto?.profile : undefined, isLoaded ? "minikube" : undefined);
      assert.equal(urlHost, expected.urlHost);
      assert.equal(urlPort?.(30080), expected.port);
      assert.equal(openCommand?.("shop", "web"), expected.openCommand);
      // On containerd it would start a service of its own in the node.
      assert.equal(
        host.ran.some((line) => line.includes("docker-env")),
        !isLoaded,
      );
    });
  }

  for (const [name, message] of Object.entries(refusals)) {
    it(`with ${name} is refused with what to do`, async () => {
      await assert.rejects(resolveTarget(minikube, readNothing, hostOf(name)), isProblem(message));
    });
  }

  it("is understood in every recording there is", () => {
    const recorded = fs.readdirSync(fixtures).map((file) => path.basename(file, ".json"));
    assert.deepEqual(recorded.sort(), [...Object.keys(expectations), ...Object.keys(refusals)].sort());
  });
});
