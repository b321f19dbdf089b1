import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { baseImage } from "../../sandbox/images/baseImage";
import { startCluster, stopCluster } from "../../sandbox/cluster/cluster";
import { clusterData, local } from "../../sandbox/cluster/kinds";
import { skip, startedByTests } from "./helpers/cluster";
import { Kubectl, restricted } from "./helpers/kubectl";

const namespace = "volumes";
const user = restricted(999);

/** Notes each of its starts in a volume. */
const counter = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "counter", namespace },
  spec: {
    serviceName: "counter",
    selector: { matchLabels: { app: "counter" } },
    template: {
      metadata: { labels: { app: "counter" } },
      spec: {
        securityContext: user.pod,
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: "counter",
            image: baseImage,
            command: ["sh", "-c", "echo started >>/data/starts; exec sleep 3600"],
            securityContext: user.container,
            volumeMounts: [{ name: "data", mountPath: "/data" }],
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ],
  },
};

describe("a volume of the sandbox", () => {
  let kubectl: Kubectl;
  const volumes = (): string => path.join(clusterData(local), "volumes");

  before(async () => {
    kubectl = await Kubectl.of(local);
    await kubectl.makeNamespace(namespace);
  });
  after(async () => {
    await (kubectl as Kubectl | undefined)?.deleteNamespace(namespace);
  });

  const starts = async (): Promise<number> => {
    const text = await kubectl.run(["exec", "--namespace", namespace, "counter-0", "--", "cat", "/data/starts"]);
    return text.split("\n").length;
  };
  const waitForStarts = async (count: number): Promise<void> => {
    await kubectl.until(async () => (await starts()) === count);
  };
  const volumeName = async (): Promise<string> =>
    await kubectl.run(
      ["get", "persistentvolumeclaim", "data-counter-0", "--namespace", namespace, "--output"].concat(
        "jsonpath={.spec.volumeName}",
      ),
    );

  it("is made for a claim that names no class, and a restricted pod writes to it", async () => {
    await kubectl.apply(counter);
    await waitForStarts(1);
    assert.ok(fs.existsSync(path.join(volumes(), await volumeName(), "starts")));
  });

  it("is the next pod's with what it holds when the pod is deleted", async () => {
    await kubectl.run(["delete", "pod", "counter-0", "--namespace", namespace]);
    await waitForStarts(2);
  });

  it("keeps what it holds while the cluster is stopped", async function () {
    if (!startedByTests()) {
      skip(this, "the cluster was running before the tests and stays");
    }
    await stopCluster(local);
    await startCluster(local);
    await waitForStarts(3);
  });

  it("is deleted with its claim", async () => {
    const folder = path.join(volumes(), await volumeName());
    await kubectl.run(["delete", "statefulset", "counter", "--namespace", namespace]);
    await kubectl.run(["delete", "persistentvolumeclaim", "data-counter-0", "--namespace", namespace]);
    await kubectl.until(() => Promise.resolve(!fs.existsSync(folder)));
  });
});
