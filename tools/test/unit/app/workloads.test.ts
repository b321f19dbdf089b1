import assert from "node:assert/strict";

import { contextOf } from "../../../../test/unit/helpers/contexts";
import { isProblem } from "../../../../test/unit/helpers/problems";
import { localServers } from "../../../../test/unit/helpers/servers";
import { processNamed, workloadNamed, workloadsIn } from "../../../app/workloads";
import type { Place } from "../../../rollout/kubernetes";

const template = (labels: Record<string, string>): object => ({ template: { metadata: { labels } } });
const objectOf = (name: string, spec: object): object => ({ metadata: { name: `kubernetes-django${name}` }, spec });
const lists: Record<string, object[]> = {
  "/apis/apps/v1/namespaces/shop/deployments": [
    objectOf("-worker", { replicas: 2, ...template({ app: "django-process", process: "worker" }) }),
    objectOf("-beat", template({ app: "django-process", process: "beat" })),
    objectOf("", { replicas: 0, ...template({ app: "django-container" }) }),
    { metadata: { name: "neighbour" }, spec: template({ app: "neighbour" }) },
  ],
  "/apis/apps/v1/namespaces/shop/statefulsets": [
    objectOf("-redis", { replicas: 1, ...template({ app: "django-redis" }) }),
  ],
  "/apis/batch/v1/namespaces/shop/cronjobs": [
    objectOf("-nightly", { jobTemplate: { spec: template({ app: "django-schedule", schedule: "nightly" }) } }),
  ],
  "/apis/batch/v1/namespaces/shop/jobs?labelSelector=app%3Ddjango-migrate": [
    objectOf("-migrate-1", template({ app: "django-migrate" })),
  ],
};

describe("What a stack runs", () => {
  const { serve } = localServers();
  const place = async (): Promise<Place> => {
    const port = await serve(({ url = "" }, response) => {
      response.end(JSON.stringify({ items: lists[url] }));
    });
    return { context: contextOf(`http://127.0.0.1:${port}`), namespace: "shop" };
  };

  it("is web, then processes, schedules and servers, each with what makes its pods", async () => {
    const found = await workloadsIn(await place());
    assert.deepEqual(
      found.map(({ kind, name, object, replicas }) => [kind, name, object, replicas]),
      [
        ["web", "web", "kubernetes-django", 0],
        ["process", "beat", "kubernetes-django-beat", 1],
        ["process", "worker", "kubernetes-django-worker", 2],
        ["schedule", "nightly", "kubernetes-django-nightly", undefined],
        ["release", "release", "kubernetes-django-migrate-1", undefined],
        ["redis", "redis", "kubernetes-django-redis", 1],
      ],
    );
  });

  it("has processes, of which one that is not known is named with those that are", async () => {
    assert.equal((await processNamed(await place(), "worker", "dev")).object, "kubernetes-django-worker");
    for (const name of ["nightly", "wroker"]) {
      await assert.rejects(
        processNamed(await place(), name, "dev"),
        isProblem(`Stack dev has no process "${name}": there are web, beat, worker`),
      );
    }
  });

  it("may have one or none of a kind", () => {
    const known = (...names: string[]): { name: string }[] => names.map((name) => ({ name }));
    const asked = { stack: "dev", what: "schedule" } as const;
    assert.throws(
      () => workloadNamed(known("nightly"), "daily", asked),
      isProblem('Stack dev has no schedule "daily": there is nightly'),
    );
    assert.throws(
      () => workloadNamed([], "daily", asked),
      isProblem('Stack dev has no schedule "daily", and none at all'),
    );
  });
});
