import assert from "node:assert/strict";

import { availableBuilder, getTools, needPlugin } from "./helpers/cluster";
import { type Result, Workspace } from "./helpers/workspace";

interface Mutation {
  title: string;
  /** Source of the program in which one text is replaced by another. */
  file: string;
  change: [from: string, to: string];
  config?: Record<string, string | boolean>;
  /** Name of the one policy that refuses it. */
  policy: string;
  message: string;
}

const container = 'Container "django-web" of Deployment "kubernetes-django"';
const pod = "components/app/podSpec.ts";
const metadata = "components/app/objectMeta.ts";

const mutations: Mutation[] = [
  {
    title: "an image called latest",
    file: pod,
    change: ["image: args.image,", 'image: "kubernetes-django:latest",'],
    policy: "versioned-image",
    message: `${container} runs the image "kubernetes-django:latest": allowed is one with a tag other than latest, or with a digest; give it DjangoImage's \`reference\`, or name a version.`,
  },
  {
    title: "an image without a tag",
    file: pod,
    change: ["image: args.image,", 'image: "kubernetes-django",'],
    policy: "versioned-image",
    message: `${container} runs the image "kubernetes-django": allowed is one with a tag other than latest, or with a digest; give it DjangoImage's \`reference\`, or name a version.`,
  },
  {
    title: "a container without a limit of memory",
    file: pod,
    change: ["memory: args.memoryLimit,", ""],
    policy: "limits",
    message: `${container} has no limit of memory: each container needs one of memory and ephemeral-storage; set its \`resources.limits\`.`,
  },
  {
    title: "a container that may run as root",
    file: "components/app/hardening.ts",
    change: ['...(podSecurity === "restricted" && { runAsNonRoot: true }),', ""],
    policy: "non-root",
    message: `${container} may run as root (runAsNonRoot not set, runAsUser 10001): allowed is runAsNonRoot true and any runAsUser but 0; set them in the \`securityContext\` of its pod.`,
  },
  {
    title: "the namespace default",
    file: metadata,
    change: ["      namespace,\n", '      namespace: "default",\n'],
    policy: "own-namespace",
    message:
      'Service "kubernetes-django-service" is in the namespace "default": allowed is any other; set `metadata.namespace` to DjangoApp\'s `namespace`.',
  },
  {
    title: "objects that name no namespace",
    file: metadata,
    change: ["      namespace,\n", ""],
    policy: "own-namespace",
    message:
      'Service "kubernetes-django-service" is in the namespace "default": allowed is any other; set `metadata.namespace` to DjangoApp\'s `namespace`.',
  },
  {
    title: "a Service of a type that another target allows",
    file: "components/app/exposure.ts",
    change: ["type: args.serviceType,", 'type: "LoadBalancer",'],
    config: { target: "sandbox" },
    policy: "service-type",
    message:
      'Service "kubernetes-django-service" is of type "LoadBalancer": target "sandbox" allows NodePort, ClusterIP; set its `spec.type` to NodePort.',
  },
];

describe("The policy pack", () => {
  const base = { target: "docker-desktop", debug: true, namespace: "policies" };
  let workspace: Workspace;
  let builder: string;

  const preview = async (config: Record<string, string | boolean> = {}): Promise<Result> => {
    workspace.configure({ ...base, builder, ...config });
    return await workspace.pulumi("preview", "--policy-pack", "policy");
  };

  before(async function () {
    builder = await availableBuilder();
    await needPlugin(this, builder === "docker" ? "docker" : "docker-build");
    workspace = await Workspace.create(await getTools(), "dev", { ...base, builder });
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  const allowed: [title: string, config: Record<string, string | boolean>][] = [
    ["as it is", {}],
    ["with two pods", { replicas: "2" }],
    ["behind a load balancer", { serviceType: "LoadBalancer" }],
    ["on the sandbox", { target: "sandbox" }],
  ];
  for (const [title, config] of allowed) {
    it(`lets the program through ${title}`, async () => {
      const { exitCode, output } = await preview(config);
      assert.equal(exitCode, 0, output);
      assert.match(output, /Policies:\n.*✅ kubernetes-django@v0\.1\.0/u);
      assert.doesNotMatch(output, /\[(mandatory|advisory)\]|can't run policy/);
    });
  }

  for (const { title, file, change, config, policy, message } of mutations) {
    it(`refuses ${title}`, async () => {
      let original = "";
      workspace.edit(file, (text) => {
        original = text;
        return text.replace(...change);
      });
      try {
        const { exitCode, output } = await preview(config);
        assert.notEqual(exitCode, 0, output);
        assert.ok(output.includes(message), output);
        const violated = output.matchAll(/\[mandatory\]\s+(\S+)/g);
        assert.deepEqual([...new Set([...violated].map(([, name]) => name))], [policy], output);
      } finally {
        workspace.edit(file, () => original);
      }
    });
  }
});
