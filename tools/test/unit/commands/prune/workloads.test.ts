import assert from "node:assert/strict";
import type http from "node:http";

import type { KubeContext } from "../../../../../components/targets/kubeconfig";
import { imagesInCluster } from "../../../../commands/prune/workloads";
import { isProblem } from "../../../../../test/unit/helpers/problems";
import { localServers } from "../../../../../test/unit/helpers/servers";

const template = (image: string): object => ({ template: { spec: { containers: [{ image }] } } });
const lists: Record<string, object> = {
  "/api/v1/pods": {
    kind: "PodList",
    items: [
      {
        metadata: { namespace: "a", name: "one", managedFields: [{ image: "managed" }] },
        spec: { initContainers: [{ image: "docker.io/library/first" }], containers: [{ image: "second" }] },
        status: { containerStatuses: [{ image: "status" }] },
      },
    ],
  },
  "/apis/apps/v1/replicasets": {
    kind: "ReplicaSetList",
    items: [{ metadata: { namespace: "a", name: "old" }, spec: { replicas: 0, ...template("second") } }],
  },
  "/apis/batch/v1/cronjobs": {
    kind: "CronJobList",
    items: [{ metadata: { namespace: "b", name: "nightly" }, spec: { jobTemplate: { spec: template("third") } } }],
  },
};

describe("The images that a cluster uses", () => {
  const { serve } = localServers();
  const contextOf = async (status: number): Promise<KubeContext> => {
    const port = await serve(({ url = "" }: http.IncomingMessage, response: http.ServerResponse) => {
      response.writeHead(status).end(JSON.stringify(lists[url] ?? { kind: "List", items: [] }));
    });
    const server = `http://127.0.0.1:${port}`;
    return { name: "dev", server, ca: undefined, skipTlsVerify: false, client: undefined };
  };

  it("are those of pods, of former ReplicaSets and of whatever will start pods", async () => {
    assert.deepEqual(
      await imagesInCluster(await contextOf(200)),
      new Map([
        ["first", ["Pod a/one"]],
        ["second", ["Pod a/one", "ReplicaSet a/old"]],
        ["third", ["CronJob b/nightly"]],
      ]),
    );
  });

  it("are not guessed when the cluster does not tell them", async () => {
    await assert.rejects(
      imagesInCluster(await contextOf(403)),
      isProblem(
        'The cluster of kube context "dev" answers 403 to GET /api/v1/pods; run `kubectl --context dev get --raw /api/v1/pods` to see why.',
      ),
    );
  });
});
