import assert from "node:assert/strict";

import { appArgs } from "../../components/app/appArgs";
import { DjangoApp } from "../../components/app/djangoApp";
import { outputsOf } from "../../components/app/outputs";
import { DjangoImage, imageArgs } from "../../components/image/djangoImage";
import { readProject } from "../../components/image/project";
import { declareProviders } from "../../components/targets/providers";
import type { Target } from "../../components/targets/resolveTarget";
import { changed, settings } from "./helpers/host";
import { temporaryFolder } from "./helpers/folders";
import { createdBy } from "./helpers/kubernetes";
import { type Inputs, label, type Run, runProgram } from "./helpers/registrations";
import { target } from "./helpers/target";

describe("Two apps of a stack", () => {
  const folder = temporaryFolder();

  /** Declares the apps `shop` and `blog`, each with a Postgres and a Redis of its own. */
  async function declare(second: Partial<Target> = {}): Promise<Run> {
    folder.write({ "shop/Dockerfile": "FROM scratch\n", "blog/Dockerfile": "FROM scratch\n", "blog/more": "" });
    return await runProgram(
      () => {
        const targets = { shop: target, blog: { ...target, ...second } };
        const providers = declareProviders(targets.shop, targets.blog);
        const outputs = Object.entries(targets).map(([name, own]) => {
          const project = readProject(
            { folder: folder.path(name), dockerfile: undefined, stage: undefined },
            { ...settings.image, builder: own.builder },
          );
          const all = {
            ...changed(settings, { namespace: name, database: "postgres", databaseStorage: "1Gi", redis: "namespace" }),
            name,
          };
          const image = new DjangoImage(name, imageArgs(all.image, own, project), { providers: providers.image });
          const app = new DjangoApp(name, appArgs(all, own, project, image), { providers: providers.cluster });
          return [name, outputsOf(app, image)];
        });
        return Object.fromEntries(outputs) as Inputs;
      },
      { answer: createdBy(31234) },
    );
  }

  it("have no resource and no object in common, and the same kinds of them", async () => {
    const { resources } = await declare();
    const labels = resources.map(label);
    assert.equal(new Set(labels).size, labels.length);
    const of = (app: string): string[] =>
      labels.filter((each) => each.split(" ")[1]?.split("-")[0] === app).map((each) => each.replace(app, "APP"));
    assert.ok(of("shop").length > 20);
    const withoutHash = (each: string): string => each.replace(/-[0-9a-f]{12}$/, "");
    assert.deepEqual(of("shop").map(withoutHash), of("blog").map(withoutHash));
    for (const { type, name, inputs } of resources) {
      const { namespace } = (inputs["metadata"] ?? {}) as { namespace?: string };
      if (namespace !== undefined) {
        assert.equal(namespace, name.split("-")[0], `${type} ${name}`);
      }
    }
  });

  it("have outputs of their own", async () => {
    const { outputs } = await declare();
    const { shop, blog } = outputs as Record<string, Inputs>;
    assert.deepEqual([shop?.["namespace"], shop?.["service"]], ["shop", "shop-service"]);
    assert.deepEqual([blog?.["namespace"], blog?.["service"]], ["blog", "blog-service"]);
    assert.notEqual(shop?.["image"], blog?.["image"]);
  });

  it("may be built by different builders", async () => {
    const { resources } = await declare({ builder: "docker-build" });
    const providers = resources.filter(({ type }) => /^docker.*:Image$/.test(type)).map(({ provider }) => provider);
    assert.deepEqual(providers, ["pulumi:providers:docker-build docker-build", "pulumi:providers:docker docker"]);
  });
});
