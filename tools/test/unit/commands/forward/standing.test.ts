import assert from "node:assert/strict";

import { contextOf } from "../../../../../test/unit/helpers/contexts";
import { isProblem } from "../../../../../test/unit/helpers/problems";
import { localServers } from "../../../../../test/unit/helpers/servers";
import { configuredPort, standing, templateOf } from "../../../../commands/forward/standing";
import type { Place } from "../../../../rollout/kubernetes";

const specOf = (labels: Record<string, string>, container: string, ports: number[]): object => ({
  template: {
    metadata: { labels },
    spec: { containers: [{ name: container, ports: ports.map((containerPort) => ({ containerPort })) }] },
  },
});
const database = {
  metadata: { name: "kubernetes-django-database" },
  spec: specOf({ app: "django-database" }, "postgres", [5432]),
};
const worker = {
  metadata: { name: "kubernetes-django-worker" },
  spec: specOf({ app: "django-process", process: "worker" }, "worker", []),
};

describe("What `npm run forward` is given a name of", () => {
  const { serve } = localServers();
  const placeWith = async (statefulsets: (typeof database)[], deployments = [worker]): Promise<Place> => {
    const port = await serve(({ url = "" }, response) => {
      const found = [...statefulsets, ...deployments].find(({ metadata }) => url.endsWith(`/${metadata.name}`));
      const lists: [end: string, items: object[]][] = [
        ["/statefulsets", statefulsets],
        ["/deployments", deployments],
      ];
      const items = lists.find(([end]) => url.endsWith(end))?.[1] ?? [];
      response.end(JSON.stringify(found ?? { items }));
    });
    return { context: contextOf(`http://127.0.0.1:${port}`), namespace: "shop" };
  };
  const choice = (config: Record<string, string> = {}): Parameters<typeof standing>[0] => ({
    stack: "dev",
    config: { has: (key) => key in config, text: (key) => config[key] },
  });

  it("is found under its name with the port that config gives it, if any", async () => {
    const place = await placeWith([database]);
    const ports = { database: 5432, postgres: 5432, worker: undefined };
    for (const [name, port] of Object.entries(ports)) {
      const found = await standing(choice(), place, name);
      assert.equal(found.name, name === "worker" ? "worker" : "database");
      assert.equal(configuredPort(found, await templateOf(place, found)), port);
    }
  });

  it("is a process called postgres where there is one", async () => {
    const spec = specOf({ app: "django-process", process: "postgres" }, "postgres", [6432]);
    const place = await placeWith([database], [{ metadata: { name: "kubernetes-django-postgres" }, spec }]);
    assert.equal((await standing(choice(), place, "postgres")).kind, "process");
  });

  it("is refused with the known names where nothing is called that", async () => {
    await assert.rejects(
      standing(choice(), await placeWith([database]), "wroker"),
      isProblem('Stack dev has no process "wroker": there are worker, database'),
    );
  });

  const without: [config: Record<string, string>, message: string][] = [
    [{ database: "sqlite" }, "Stack dev runs no database server: `database` is sqlite, a file in the pod"],
    [
      { database: "postgres", databaseUrl: "secret" },
      "Stack dev runs no database server: its database is the one of `databaseUrl`",
    ],
    [{ database: "postgres" }, "Stack dev runs no database server yet; run `npm run up -- dev`."],
  ];
  for (const [config, message] of without) {
    it(`is said to be no server of the namespace with ${JSON.stringify(config)}`, async () => {
      const place = await placeWith([]);
      for (const name of ["database", "postgres"]) {
        await assert.rejects(standing(choice(config), place, name), isProblem(message));
      }
    });
  }
});
