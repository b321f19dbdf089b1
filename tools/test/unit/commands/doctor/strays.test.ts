import assert from "node:assert/strict";

import type { LiveObject, Sight } from "../../../../../components/targets/endpoints";
import { fakeHost } from "../../../../../test/unit/helpers/host";
import { lookAtStray, type Stray } from "../../../../commands/doctor/strays";

const context = { name: "prod", server: "https://prod", ca: undefined, skipTlsVerify: false, client: undefined };
const here = { project: "kubernetes-django", backend: "file:///home/me/.local on laptop" };
const ours = "stack dev of project kubernetes-django in file:///home/me/.local on laptop";
const object = (name: string, annotations: Record<string, string> = {}): LiveObject => ({
  metadata: { name, uid: `uid-of-${name}`, creationTimestamp: "", annotations },
});
const marked = (name: string, madeBy: string): LiveObject =>
  object(name, { "kubernetes-django/stack-id": "1", "kubernetes-django/made-by": madeBy });

interface Cluster {
  namespace?: Sight;
  anchor?: Sight;
  /** By the kind of their list. */
  objects?: Record<string, LiveObject[]>;
}

async function look({ namespace = object("shop"), anchor = "absent", objects = {} }: Cluster): Promise<unknown> {
  const { endpoints } = fakeHost({
    endpoints: {
      see: (_, { kind }) => Promise.resolve(kind === "Namespace" ? namespace : anchor),
      list: (_, path) => Promise.resolve(objects[path.split("/").at(-1) ?? ""] ?? []),
    },
  });
  return await lookAtStray(context, "shop", here, endpoints);
}

describe("a namespace with the app that no stack of the backend has", () => {
  const volume = (isProtected: string): Record<string, LiveObject[]> => ({
    persistentvolumeclaims: [object("kubernetes-django-database", { "kubernetes-django/protected": isProtected })],
  });
  const cases: [title: string, cluster: Cluster, stray: Omit<Stray, "name"> | undefined][] = [
    [
      "is another backend's by its mark",
      { namespace: marked("shop", "stack dev of project kubernetes-django in s3://theirs") },
      { maker: { inWords: "stack dev of project kubernetes-django in s3://theirs", lost: undefined }, holdsMore: true },
    ],
    [
      "is that of a guest of another backend",
      { anchor: marked("kubernetes-django-stack", "stack dev of project kubernetes-django in s3://theirs") },
      { maker: { inWords: "stack dev of project kubernetes-django in s3://theirs", lost: undefined }, holdsMore: true },
    ],
    [
      "may be another organization's in the same service",
      { namespace: marked("shop", "stack dev of project kubernetes-django of acme in Pulumi Cloud") },
      {
        maker: { inWords: "stack dev of project kubernetes-django of acme in Pulumi Cloud", lost: undefined },
        holdsMore: true,
      },
    ],
    [
      "was left by a stack of this backend whose state is lost",
      { namespace: marked("shop", ours), objects: volume("false") },
      { maker: { inWords: ours, lost: { uid: "uid-of-shop" } }, holdsMore: false },
    ],
    [
      "keeps protected data of such a stack",
      { namespace: marked("shop", ours), objects: volume("true") },
      { maker: { inWords: ours, lost: { uid: "uid-of-shop" } }, holdsMore: true },
    ],
    [
      "was there before such a stack",
      { anchor: marked("kubernetes-django-stack", ours) },
      { maker: { inWords: ours, lost: { uid: "uid-of-kubernetes-django-stack" } }, holdsMore: true },
    ],
    [
      "is one of a release that marked nothing, with data",
      { objects: { persistentvolumeclaims: [object("data")] } },
      { maker: undefined, holdsMore: true },
    ],
    [
      "has what somebody else made",
      { objects: { configmaps: [object("payments")] } },
      { maker: undefined, holdsMore: true },
    ],
    ["may not be looked at", { namespace: "hidden" }, { maker: undefined, holdsMore: true }],
    [
      "is nobody's",
      { objects: { deployments: [object("kubernetes-django")] } },
      { maker: undefined, holdsMore: false },
    ],
    ["is gone by now", { namespace: "absent" }, undefined],
  ];
  for (const [title, cluster, stray] of cases) {
    it(title, async () => {
      assert.deepEqual(await look(cluster), stray && { name: "shop", ...stray });
    });
  }
});
