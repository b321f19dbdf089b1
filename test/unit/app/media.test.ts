import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { isDeepStrictEqual } from "node:util";

import type { DjangoAppArgs } from "../../../components/app/djangoApp";
import type { MediaArgs } from "../../../components/app/mediaVolume";
import { mediaParts, refuseCodeFolder } from "../../../components/app/media";
import { containerOf, deploy, type Pod, types } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { temporaryFolder } from "../helpers/folders";
import { isProblem } from "../helpers/problems";
import { only, type Run } from "../helpers/registrations";

const once: MediaArgs = {
  path: "/app/media",
  size: "5Gi",
  storageClass: undefined,
  accessMode: "ReadWriteOnce",
  isBound: false,
};
const many: MediaArgs = { ...once, storageClass: "nfs", accessMode: "ReadWriteMany" };
const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
const label = { "kubernetes-django/media": "web-media" };

const start = { command: undefined, args: ["work"] };
const resources = { cpuRequest: "50m", cpuLimit: undefined, memoryRequest: "64Mi", memoryLimit: "256Mi" };
/** An app with a pod of each kind. */
const everything: Partial<DjangoAppArgs> = {
  start: { ...start, release: start },
  database: "postgres",
  replicas: 2,
  processes: {
    worker: {
      ...resources,
      start,
      replicas: 2,
      maxReplicas: undefined,
      singleton: false,
      port: undefined,
      expose: undefined,
      healthCommand: undefined,
      healthPath: undefined,
      graceSeconds: 30,
    },
  },
  schedules: {
    nightly: {
      ...resources,
      start,
      schedule: "@daily",
      timeZone: "Etc/UTC",
      deadlineSeconds: 60,
      startingDeadlineSeconds: 60,
      history: 1,
    },
  },
};

type AppPod = Pod & { securityContext: { fsGroup?: unknown; fsGroupChangePolicy?: unknown } };
interface Template {
  metadata: { labels: Record<string, string> };
  spec: AppPod;
}

/** What the app's pods are made from, by their label `app`. */
function templatesOf({ resources: all }: Run): Record<string, Template> {
  const found = all.flatMap(({ type, inputs }) => {
    const { template, jobTemplate } = (inputs["spec"] ?? {}) as {
      template?: Template;
      jobTemplate?: { spec: { template: Template } };
    };
    return type.endsWith(":StatefulSet") ? [] : (template ?? jobTemplate?.spec.template ?? []);
  });
  return Object.fromEntries(found.map((each) => [each.metadata.labels["app"] ?? "", each]));
}
const kinds = ["django-container", "django-migrate", "django-process", "django-schedule"];

describe("The volume for uploads", () => {
  it("is there with `media` only, protected as the database's", async () => {
    assert.ok((await deploy()).resources.every(({ type }) => type !== claimType));
    for (const protectData of [true, false]) {
      const claim = only(await deploy({ media: many, protectData }), claimType);
      assert.equal(claim.name, "web-media");
      assert.equal(claim.protect, protectData ? true : undefined);
      assert.deepEqual(claim.inputs["metadata"], {
        namespace: "shop",
        name: "web-media",
        annotations: {
          "pulumi.com/patchForce": "true",
          "pulumi.com/skipAwait": "true",
          "kubernetes-django/protected": String(protectData),
        },
      });
      assert.deepEqual(claim.inputs["spec"], {
        accessModes: ["ReadWriteMany"],
        resources: { requests: { storage: "5Gi" } },
        storageClassName: "nfs",
      });
    }
    const { spec } = only(await deploy({ media: once }), claimType).inputs;
    assert.deepEqual(spec, { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } } });
  });

  it("stays the one that is there, whether its StorageClass is named or not", async () => {
    const ignored = async (isBound: boolean): Promise<unknown> =>
      only(await deploy({ media: { ...once, isBound } }), claimType).ignoreChanges;
    assert.equal(await ignored(false), undefined);
    assert.deepEqual(await ignored(true), ["spec.accessModes", "spec.storageClassName"]);
  });

  for (const podSecurity of ["baseline", "restricted"] as const) {
    it(`is in every pod of the app, filled by its image under the same restrictions: ${podSecurity}`, async () => {
      const templates = templatesOf(await deploy({ ...everything, media: many, podSecurity }));
      assert.deepEqual(Object.keys(templates).sort(), kinds);
      const { container, mount, volume } = mediaParts({ claim: "web-media", path: "/app/media", label: undefined });
      for (const { spec } of Object.values(templates)) {
        const [own] = spec.containers as unknown as [Record<string, unknown> & { volumeMounts: object[] }];
        assert.ok(spec.volumes.some((each) => isDeepStrictEqual(each, volume)));
        assert.ok(own.volumeMounts.some((each) => isDeepStrictEqual(each, mount)));
        const { image, imagePullPolicy, resources, securityContext, terminationMessagePolicy } = own;
        const common = { image, imagePullPolicy, resources, terminationMessagePolicy };
        const restrictions = podSecurity === "restricted" ? { securityContext } : {};
        assert.deepEqual(spec.initContainers, [{ name: "media", ...common, ...restrictions, ...container }]);
        const { fsGroup, fsGroupChangePolicy } = spec.securityContext;
        assert.deepEqual([fsGroup, fsGroupChangePolicy], [10001, "OnRootMismatch"]);
      }
    });
  }

  it("has the release command run no more often than without it", async () => {
    const { ignoreChanges } = only(await deploy({ ...everything, media: many }), types.job);
    const images = ["containers[0].image", "initContainers[0].image"];
    assert.deepEqual(
      ignoreChanges,
      images.map((image) => `spec.template.spec.${image}`),
    );
  });

  it("has its place among folders that are writable, once", async () => {
    const writablePaths = ["/app/media", "/app/media/cache", "/var/lib/shop"];
    const { volumeMounts } = containerOf(await deploy({ media: many, writablePaths }));
    const places = (volumeMounts as { mountPath: string }[]).map(({ mountPath }) => mountPath);
    assert.deepEqual(places.sort(), ["/app/media", "/data", "/run/secrets/django", "/tmp", "/var/lib/shop"]);
  });

  it("of one node brings all its pods there, and lets maintenance end them together", async () => {
    const run = await deploy({ ...everything, media: once });
    const templates = templatesOf(run);
    assert.deepEqual(Object.keys(templates).sort(), kinds);
    for (const { metadata, spec } of Object.values(templates)) {
      assert.deepEqual(metadata.labels, { ...metadata.labels, ...label });
      assert.deepEqual(spec.affinity, {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: label } },
          ],
        },
      });
      assert.equal(spec.topologySpreadConstraints, undefined);
    }
    const web = run.resources.find((each) => each.type === types.deployment && each.name === "web");
    const { selector, strategy } = web?.inputs["spec"] as { selector: object; strategy: object };
    assert.deepEqual(selector, { matchLabels: { app: "django-container" } });
    assert.deepEqual(strategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    assert.ok(run.resources.every(({ type }) => type !== types.budget));
  });

  it("of several nodes leaves the pods where they would be without it", async () => {
    const run = await deploy({ ...everything, media: many });
    const plain = templatesOf(await deploy(everything));
    for (const [app, { metadata, spec }] of Object.entries(templatesOf(run))) {
      assert.deepEqual(metadata.labels, plain[app]?.metadata.labels);
      assert.deepEqual(spec.affinity, plain[app]?.spec.affinity);
      assert.deepEqual(spec.topologySpreadConstraints, plain[app]?.spec.topologySpreadConstraints);
    }
    assert.equal(run.resources.filter(({ type }) => type === types.budget).length, 2);
  });
});

describe("The folder of uploads", () => {
  const refuse = (path: string, workdir: string | undefined) => () => {
    refuseCodeFolder(path, { workdir, dockerfile: "app/Dockerfile" });
  };

  it("is not the one with the project's code", () => {
    const message = (path: string): string =>
      `Config key "media.path" is "${path}", and app/Dockerfile has the project there (WORKDIR /srv/app), whose code would stay as it is now; run \`pulumi config set --path media.path /srv/app/media\` with the MEDIA_ROOT of your settings.`;
    assert.throws(refuse("/srv/app", "/srv/app"), isProblem(message("/srv/app")));
    assert.throws(refuse("/srv", "/srv/app"), isProblem(message("/srv")));
  });

  it("is any other, below it or beside it, or where nobody knows", () => {
    for (const path of ["/srv/app/media", "/srv/application", "/media"]) {
      refuse(path, "/srv/app")();
    }
    refuse("/app", undefined)();
  });
});

describe("The container that fills the volume for uploads", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  beforeEach(() => {
    fs.mkdirSync(folder.path("volume", "lost+found"), { recursive: true });
  });

  const start = (path: string): void => {
    const { command } = mediaParts({ claim: "web-media", path, label: undefined }).container;
    const [shell = "", ...words] = (command as string[]).map((word) =>
      word.replaceAll("/media-volume", folder.path("volume")),
    );
    execFileSync(shell, words, { stdio: ["ignore", "ignore", "pipe"] });
  };
  const uploads = (...names: string[]): string => folder.path("volume", "media", "files", ...names);
  const inVolume = (): string[] => fs.readdirSync(folder.path("volume")).sort();

  it("copies what the image has there, with its modes", () => {
    folder.write({ "my media/a.png": "a", "my media/.hidden/run": { executable: "#!/bin/sh\n" } });
    fs.chmodSync(folder.path("my media"), 0o750);
    start(folder.path("my media"));
    assert.deepEqual(fs.readdirSync(uploads()).sort(), [".hidden", "a.png"]);
    assert.equal(fs.readFileSync(uploads("a.png"), "utf8"), "a");
    assert.equal(fs.statSync(uploads(".hidden", "run")).mode & 0o111, 0o111);
    assert.equal(fs.statSync(uploads()).mode & 0o777, 0o750);
    assert.deepEqual(inVolume(), ["lost+found", "media"]);
  });

  it("lets their owner write where the image has them read-only", () => {
    folder.write({ "media/old/a.png": "a" });
    for (const each of ["media/old/a.png", "media/old", "media"]) {
      fs.chmodSync(folder.path(each), 0o555);
    }
    start(folder.path("media"));
    for (const each of [uploads(), uploads("old"), uploads("old", "a.png")]) {
      assert.equal(fs.statSync(each).mode & 0o777, 0o755);
    }
  });

  it("does so once, so that what was deleted or changed since stays so", () => {
    folder.write({ "media/a.png": "a", "media/b.png": "b" });
    start(folder.path("media"));
    fs.rmSync(uploads("a.png"));
    fs.writeFileSync(uploads("b.png"), "mine");
    folder.write({ "media/c.png": "c" });
    start(folder.path("media"));
    assert.deepEqual(fs.readdirSync(uploads()), ["b.png"]);
    assert.equal(fs.readFileSync(uploads("b.png"), "utf8"), "mine");
  });

  it("makes a folder that every user of the pod can write to where the image has none", () => {
    start(folder.path("none"));
    assert.deepEqual(fs.readdirSync(uploads()), []);
    assert.equal(fs.statSync(uploads()).mode & 0o777, 0o777);
  });

  it("copies again what an interruption left incomplete", () => {
    folder.write({ "media/a.png": "a", "volume/copy.abcdef/files/a.png": "" });
    start(folder.path("media"));
    assert.equal(fs.readFileSync(uploads("a.png"), "utf8"), "a");
  });

  it("fails the pod where the volume cannot be written", () => {
    fs.rmSync(folder.path("volume"), { recursive: true });
    assert.throws(
      () => {
        start(folder.path("media"));
      },
      { status: 2 },
    );
  });
});
