import assert from "node:assert/strict";

import { type Claim, claimNamespace, seeClaim } from "../../../components/safeguards/claimNamespace";
import type { Owner } from "../../../components/safeguards/ownership";
import type { PriorState } from "../../../components/safeguards/priorState";
import type { Endpoints, LiveObject, Sight } from "../../../components/targets/endpoints";
import { fakeHost, settings } from "../helpers/host";
import { nothingBefore, owner } from "../helpers/prior";
import { isProblem } from "../helpers/problems";

const uid = "5ed7a8f0-0000-4000-8000-000000000001";
const context = { name: "prod", server: "https://prod", ca: undefined, skipTlsVerify: false, client: undefined };
const marked = (id?: string, more: object = {}): LiveObject => ({
  metadata: {
    name: "kubernetes-django",
    uid,
    creationTimestamp: "2026-01-01T00:00:00Z",
    ...(id !== undefined && {
      annotations: { "kubernetes-django/stack-id": id, "kubernetes-django/made-by": "stack dev in s3://theirs" },
    }),
    ...more,
  },
});
const deployed = (more: Partial<NonNullable<PriorState["claim"]>> = {}): PriorState => ({
  ...nothingBefore,
  claim: {
    urn: "",
    key: { apiVersion: "v1", kind: "Namespace", metadata: { name: "kubernetes-django" } },
    uid,
    mark: nothingBefore.mark,
    isAdopted: false,
    ...more,
  },
});

/** What the cluster has in namespaces beside what is always asked for. */
const kinds = [
  ["Pod", "/api/v1", "pods"],
  ["Event", "/api/v1", "events"],
  ["ServiceAccount", "/api/v1", "serviceaccounts"],
  ["RoleBinding", "/apis/rbac.authorization.k8s.io/v1", "rolebindings"],
  ["Vault", "/apis/example.test/v1", "vaults"],
].map(([kind = "", root = "", name = ""]) => ({ kind, path: `${root}/namespaces/%/${name}` }));

/** Claims the namespace in which there are some objects, by the kind of their list. */
async function claim(
  more: Partial<Claim> & { adoptNamespace?: string; existingNamespace?: boolean },
  objects: Record<string, string[]> = {},
  around: Sight = "absent",
): Promise<Owner> {
  const { adoptNamespace, existingNamespace = false, ...rest } = more;
  const list: Endpoints["list"] = (_, path) => {
    const name = path.split("/").at(-1) ?? "";
    const names = objects[name] ?? [];
    return name === "vaults" && names.length === 0
      ? Promise.reject(new Error("403"))
      : Promise.resolve(names.map((name) => ({ metadata: { name, uid: "", creationTimestamp: "" } })));
  };
  return await claimNamespace(
    {
      settings: { ...settings.cluster, adoptNamespace, existingNamespace },
      prior: nothingBefore,
      context,
      sight: "absent",
      isSameCluster: true,
      ...rest,
    },
    fakeHost({ endpoints: { list, kinds: () => Promise.resolve(kinds), see: () => Promise.resolve(around) } })
      .endpoints,
  );
}

const at = 'Namespace "kubernetes-django" of kube context "prod"';
const other = "run `pulumi config set namespace NAME --stack dev` for a namespace of its own";
const adopt = `run \`pulumi config set adoptNamespace ${uid} --stack dev\` to take it over with all that is in it`;
const existing = "run `pulumi config set existingNamespace true --stack dev`";

describe("A stack's namespace", () => {
  it("is made where there is none", async () => {
    assert.deepEqual(await claim({}), owner);
  });

  it("is the stack's by its mark, even where an interruption kept it out of the state", async () => {
    assert.deepEqual(await claim({ sight: marked(nothingBefore.mark.id) }), owner);
  });

  it("is the stack's by its uid where an earlier release marked nothing", async () => {
    assert.deepEqual(await claim({ sight: marked(), prior: deployed({ mark: undefined }) }), owner);
  });

  it("is the stack's where a killed update had marked it", async () => {
    const sight = marked("lost");
    const prior = deployed({ mark: undefined });
    const own = { ...prior, mark: { id: "new", madeBy: "stack dev in s3://theirs" } };
    assert.deepEqual(await claim({ sight, prior: own }), { ...owner, mark: own.mark });
    await assert.rejects(claim({ sight, prior }), /was taken over by stack dev in s3:\/\/theirs/);
  });

  it("is the stack's where its user may not see it", async () => {
    assert.deepEqual(await claim({ sight: "hidden", prior: deployed() }), owner);
  });

  it("stays an adopted one", async () => {
    const prior = deployed({ isAdopted: true });
    assert.deepEqual(await claim({ sight: marked(nothingBefore.mark.id), prior }), { ...owner, isAdopted: true });
  });

  const refusals: [title: string, claim: Parameters<typeof claim>, message: string][] = [
    [
      "with another stack's mark",
      [{ sight: marked("theirs") }],
      `${at} belongs to stack dev in s3://theirs, and not to this stack's state; ${other}, or, if that one is given up or lost, ${adopt}.`,
    ],
    [
      "that another stack took over, even with adoptNamespace",
      [{ sight: marked("theirs"), prior: deployed(), adoptNamespace: uid }],
      `${at} is not this stack's any more: it was taken over by stack dev in s3://theirs; run \`npm run down -- dev\`, which clears this stack's state and leaves the namespace as it is.`,
    ],
    [
      "that somebody made and filled",
      [{ sight: marked(), adoptNamespace: uid }, { configmaps: ["kube-root-ca.crt", "payments"] }],
      `${at} was not made by kubernetes-django, and there is something in it; ${other}; if it was made for you and has to stay, ${existing}.`,
    ],
    ...Object.entries({ rolebindings: ["team"], serviceaccounts: ["default", "deploy"], vaults: ["keys"] }).map(
      ([kind, names]): [string, Parameters<typeof claim>, string] => [
        `that has nothing but ${kind}`,
        [{ sight: marked(), adoptNamespace: uid }, { [kind]: names }],
        `${at} was not made by kubernetes-django, and there is something in it; ${other}; if it was made for you and has to stay, ${existing}.`,
      ],
    ),
    [
      "that is empty",
      [
        { sight: marked() },
        { configmaps: ["kube-root-ca.crt"], serviceaccounts: ["default"], events: ["made.1"], vaults: [] },
      ],
      `${at} was not made by this stack, and what is in it is this project's or nothing; ${other}; if it is yours, ${adopt}; if it was made for you and has to stay, ${existing}.`,
    ],
    [
      "that was deleted by hand",
      [{ prior: deployed() }],
      'Stack dev has the namespace "kubernetes-django" in its state, and the cluster of kube context "prod" has it no more: it was deleted with all that was in it; run `npm run drift -- dev --restore` to make it again.',
    ],
    [
      "that is being deleted",
      [{ sight: marked("theirs", { deletionTimestamp: "2026-01-01T00:00:00Z" }) }],
      `${at} is being deleted; wait until \`kubectl --context prod get namespace kubernetes-django\` says NotFound, and run it again.`,
    ],
    [
      "that may not be seen",
      [{ sight: "hidden" }],
      'The cluster of kube context "prod" does not let you see the namespace "kubernetes-django" (403), so that it may be somebody else\'s; ask for the right to get it, or, if it was made for you, run `pulumi config set existingNamespace true`.',
    ],
    [
      "that the stack made, with existingNamespace",
      [{ sight: "absent", prior: deployed(), existingNamespace: true }],
      'Config key "existingNamespace" is true, and stack dev made the namespace "kubernetes-django" itself: it would be deleted; run `pulumi config rm existingNamespace --stack dev`.',
    ],
    [
      "that was there, with others' workloads",
      [{ existingNamespace: true }, { deployments: ["a", "b", "c", "d"], configmaps: ["e"] }],
      `Namespace "kubernetes-django" of kube context "prod" holds workloads of others (Deployment a, Deployment b, Deployment c, …), and a stack has to be alone with its own; run \`pulumi config set namespace NAME\` for another namespace.`,
    ],
    [
      "that was there, with another stack's volume",
      [{ existingNamespace: true }, { persistentvolumeclaims: ["kubernetes-django-database", "mine"] }],
      `${at} holds what another stack, or a lost state, has left with its data (PersistentVolumeClaim kubernetes-django-database), and this stack would take it over; run \`pulumi config set namespace NAME\` for another namespace, or delete it if nobody needs the data.`,
    ],
    [
      "that another stack made, with existingNamespace",
      [{ existingNamespace: true }, {}, marked("theirs")],
      'Config key "existingNamespace" is true, and namespace "kubernetes-django" of kube context "prod" belongs to stack dev in s3://theirs, with which it would be deleted; run `pulumi config rm existingNamespace --stack dev` and `pulumi config set namespace NAME --stack dev` for a namespace of its own.',
    ],
  ];
  for (const [title, given, message] of refusals) {
    it(`is refused ${title}`, async () => {
      await assert.rejects(claim(...given), isProblem(message));
    });
  }

  for (const [title, sight, objects] of [
    ["another stack's", marked("theirs"), { configmaps: ["payments"] }],
    ["an empty one", marked(), {}],
    ["that of a release that marked nothing", marked(), { deployments: ["kubernetes-django"] }],
  ] as const) {
    it(`is ${title} that is adopted by its uid, and by no other`, async () => {
      const names = objects as Record<string, string[]>;
      assert.deepEqual(await claim({ sight, adoptNamespace: uid }, names), { ...owner, isAdopted: true });
      await assert.rejects(claim({ sight, adoptNamespace: uid.replace("1", "2") }, names));
    });
  }

  it("is one that was there, beside what is no workload", async () => {
    const found = { configmaps: ["payments"], secrets: ["kubernetes-django-tls"], persistentvolumeclaims: ["uploads"] };
    assert.deepEqual(await claim({ existingNamespace: true }, found), { ...owner, isGuest: true });
  });

  it("has to be there with existingNamespace", async () => {
    const asked: unknown[] = [];
    const see: Endpoints["see"] = (_, key) => {
      asked.push(key.kind);
      return Promise.resolve(key.kind === "Namespace" ? "hidden" : "absent");
    };
    const guest = { ...settings.cluster, existingNamespace: true };
    const { endpoints } = fakeHost({ endpoints: { see } });
    assert.equal(await seeClaim(context, guest, endpoints), "absent");
    assert.deepEqual(asked, ["Namespace", "ConfigMap"]);
    await assert.rejects(
      seeClaim(context, guest, fakeHost({}).endpoints),
      isProblem(
        'Config key "existingNamespace" is true, and the cluster of kube context "prod" has no namespace "kubernetes-django"; ask for it, or run `pulumi config rm existingNamespace` if the stack may make it.',
      ),
    );
  });
});
