import assert from "node:assert/strict";
import fs from "node:fs";

import { databaseImage } from "../../sandbox/images/baseImage";
import { ensureImage } from "../../sandbox/images/ensureImage";
import { local } from "../../sandbox/cluster/kinds";
import { until } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools, needPlugin } from "./helpers/cluster";
import { type SplitResult, Workspace } from "./helpers/workspace";

type Config = Record<string, string | boolean>;

const namespace = `ownership-${process.pid}`;
const place = `Namespace "${namespace}" of kube context "docker-desktop"`;

describe("one cluster with two checkouts of a stack of one name", () => {
  let first: Checkout;
  let second: Checkout;
  let config: Config;

  const newCheckout = async (): Promise<Checkout> =>
    new Checkout(await Workspace.create(await getTools(), "dev", config));
  const set = (checkout: Checkout, more: Config): void => {
    checkout.configure("dev", { ...config, ...more });
  };
  const kubectl = async (...args: string[]): Promise<string> =>
    (await first.workspace.kubectl("--namespace", namespace, ...args)).trim();
  const live = async (what: string, path: string): Promise<string> =>
    await kubectl("get", ...what.split(" "), "--output", `jsonpath=${path}`);
  /** As Django sees them, with the password that its pods have. */
  const rows = async (owner = first): Promise<string> => {
    const code = "from django.contrib.auth.models import User; print('rows', User.objects.count())";
    return await until(
      async () => {
        const { exitCode, output } = await owner.npm("manage", "dev", "shell", "--no-imports", "--command", code);
        assert.equal(exitCode, 0, output);
        return /rows (\d+)/.exec(output)?.[1] ?? output;
      },
      { seconds: 120, pauseMilliseconds: 1000 },
    );
  };
  const refuses = ({ exitCode, output }: SplitResult, message: string): void => {
    assert.equal(exitCode === 0, false, output);
    assert.ok(output.includes(`error: ${message}`), output);
    assert.doesNotMatch(output, /^\s+at .*:[0-9]+/m, "a stack trace");
  };
  const resourcesOf = async (checkout: Checkout): Promise<string[]> =>
    ((await checkout.state("dev")).deployment.resources ?? []).map(({ type }) => type);
  const uidOf = async (): Promise<string> => await live(`namespace ${namespace}`, "{.metadata.uid}");
  const idOf = async (): Promise<string> =>
    await live(`namespace ${namespace}`, "{.metadata.annotations.kubernetes-django/stack-id}");
  /** What would be another one after anything had been changed: pods that answer late change the status of what has them. */
  const everything = async (): Promise<object[]> => {
    const kinds = "deployments,statefulsets,services,secrets,persistentvolumeclaims,networkpolicies";
    const { items } = JSON.parse(await kubectl("get", kinds, "--output", "json")) as {
      items: { metadata: { generation?: number; resourceVersion?: string }; status?: object }[];
    };
    return items.map(({ metadata: { resourceVersion, ...metadata }, status, ...rest }) => ({
      ...rest,
      // What has a generation has another one with each change that is none of its status.
      metadata: metadata.generation === undefined ? { ...metadata, resourceVersion, status } : metadata,
    }));
  };

  before(async function () {
    this.timeout(600_000);
    const builder = await availableBuilder();
    await needPlugin(this, builder);
    await ensureImage(local, databaseImage);
    config = { target: "docker-desktop", builder, namespace, imageRepository: namespace, debug: true };
    config = { ...config, database: "postgres", replicas: "2", cpuRequest: "10m", rolloutTimeoutSeconds: "120" };
    first = await newCheckout();
    second = await newCheckout();
    await first.up("dev");
    const code = "from django.contrib.auth.models import User; User.objects.create_user('ada')";
    const { exitCode, output } = await first.npm("manage", "dev", "shell", "--no-imports", "--command", code);
    assert.equal(exitCode, 0, output);
  });
  after(async () => {
    await (first as Checkout | undefined)?.workspace.deleteNamespaces(namespace);
    await (first as Checkout | undefined)?.clean(namespace);
    await (second as Checkout | undefined)?.clean(namespace);
  });

  const madeBy = (checkout: Checkout): string =>
    `stack dev of project kubernetes-django in file://${checkout.path(".local")} on `;

  it("loses nothing to a second checkout before its first `up`, and no pod of it runs manage.py", async () => {
    const before = await everything();
    const commands: [command: string[], exitCode: number, says: string][] = [
      [["down", "dev"], 0, "There is no stack dev in this backend: nothing to destroy"],
      [["drift", "dev", "--restore"], 1, "error: Stack dev has nothing deployed in this backend, "],
      [["manage", "dev", "flush", "--noinput"], 1, `error: ${place} belongs to ${madeBy(first)}`],
      [["doctor", "dev"], 0, `${namespace} belongs to ${madeBy(first)}`],
    ];
    for (const [[script = "", ...args], expected, says] of commands) {
      const { exitCode, output } = await second.npm(script, ...args);
      assert.equal(exitCode, expected, output);
      assert.ok(output.includes(says), output);
      assert.ok(!output.includes(`delete namespace ${namespace}`), output);
      assert.deepEqual(await everything(), before);
      assert.equal(await rows(), "1");
    }
  });

  it("refuses the second `up`, by npm and by pulumi, and its preview, before anything changes", async () => {
    const before = await everything();
    const message = `${place} belongs to ${madeBy(first)}`;
    for (const args of [["up", "--yes", "--skip-preview"], ["preview"]]) {
      const npm = args[0] === "up" ? [await second.npm("up", "dev")] : [];
      for (const result of [...npm, await second.workspace.run("pulumi", [...args, "--stack", "dev"])]) {
        refuses(result, message);
        assert.ok(result.output.includes(`config set adoptNamespace ${await uidOf()} --stack dev`), result.output);
      }
    }
    set(second, { existingNamespace: true });
    const asGuest = await second.npm("up", "dev");
    set(second, {});
    const lower = place.replace("Namespace", "namespace");
    refuses(asGuest, `Config key "existingNamespace" is true, and ${lower} belongs to ${madeBy(first)}`);
    assert.deepEqual(await everything(), before);
    assert.equal(await rows(), "1");
  });

  it("leaves everything to the first one when the second restores, is destroyed and goes down", async () => {
    const before = await everything();
    const ends = [
      async () => await second.npm("drift", "dev", "--restore"),
      async () => await second.workspace.run("pulumi", ["destroy", "--yes", "--stack", "dev"]),
      async () => await second.npm("down", "dev"),
    ];
    for (const end of ends) {
      const { exitCode, output } = await end();
      assert.equal(exitCode, 0, output);
      assert.deepEqual(await everything(), before);
      assert.equal(await rows(), "1");
    }
  });

  const deletes = (key: string, back: string): string =>
    `Config key ${key}, and stack dev keeps data in the volume "kubernetes-django-database" of namespace "${namespace}" (protectData is true), which would be deleted; run \`npm run pulumi -- ${back} --stack dev\` to keep it; to delete it, also run \`npm run pulumi -- config set protectData false --stack dev\` and \`npm run up -- dev\` before you change the key.`;
  const noSqlite = deletes('"database" is "sqlite"', "config set database postgres");
  const resized = (storage: string): string =>
    `Config key "databaseStorage" is "${storage}", and the volume "kubernetes-django-database" of namespace "${namespace}" has "1Gi"`;
  const keepSize = "run `npm run pulumi -- config set databaseStorage 1Gi --stack dev`";
  const losses: [more: Config, message: string][] = [
    [{ database: "sqlite" }, noSqlite],
    [{ database: "sqlite", protectData: false }, noSqlite],
    [{ namespace: "elsewhere" }, deletes('"namespace" is "elsewhere"', `config set namespace ${namespace}`)],
    [{ databaseStorage: "512Mi" }, `${resized("512Mi")}: a volume cannot be made smaller; ${keepSize}.`],
    [
      { databaseStorage: "5Gi" },
      `${resized("5Gi")}: its StorageClass "standard" does not let it be made larger; ${keepSize}, or ask the cluster's administrator for \`allowVolumeExpansion: true\` in that StorageClass.`,
    ],
  ];
  for (const [more, message] of losses) {
    it(`refuses to leave or resize protected data (${Object.entries(more)
      .map((each) => each.join(" "))
      .join(", ")}) before anything changes`, async () => {
      const before = await everything();
      set(first, more);
      const result = await first.npm("up", "dev");
      set(first, {});
      refuses(result, message);
      assert.deepEqual(await everything(), before);
    });
  }

  it("takes back what `kubectl scale`, `set image` and `rollout undo` changed, with the next edit", async () => {
    const edit = async (text: string): Promise<void> => {
      first.workspace.edit("app/templates/index.html", (page) => page.replace(/<\/title>/, `${text}</title>`));
      await first.up("dev");
    };
    const image = async (): Promise<string> =>
      await live("deployment kubernetes-django", "{.spec.replicas} {.spec.template.spec.containers[0].image}");
    const deployment = "deployment/kubernetes-django";
    const changes = [
      [
        ["scale", deployment, "--replicas=1"],
        ["set", "image", deployment, `django-web=${namespace}:none`],
      ],
      [["rollout", "undo", deployment]],
    ];
    for (const [index, commands] of changes.entries()) {
      for (const command of commands) {
        await kubectl(...command);
      }
      await edit(String(index));
      const output = (await first.workspace.run("pulumi", ["stack", "output", "image", "--stack", "dev"])).stdout;
      assert.equal(await image(), `2 ${output.trim()}`);
    }
    assert.equal(await rows(), "1");
  });

  it("never has fewer pods while the autoscaler is turned on and off", async () => {
    const counts: number[] = [];
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) {
        counts.push(Number(await live("deployment kubernetes-django", "{.spec.replicas}")));
      }
    })();
    /** As the autoscaler's controller does it. */
    const scale = async (replicas: number): Promise<void> => {
      await kubectl("scale", "deployment/kubernetes-django", `--replicas=${replicas}`);
    };
    set(first, { maxReplicas: "6" });
    await first.up("dev");
    await scale(4);
    const drift = await first.npm("drift", "dev");
    assert.equal(drift.exitCode, 0, drift.output);
    first.workspace.edit("app/templates/index.html", (page) => page.replace(/<\/title>/, "scaled</title>"));
    await first.up("dev");
    assert.equal(await live("deployment kubernetes-django", "{.spec.replicas}"), "4");
    set(first, {});
    refuses(
      await first.npm("up", "dev"),
      'Config key "maxReplicas" is not set any more, and 4 pods run, of which 2 would be left ("replicas"); run `npm run pulumi -- config set replicas 4 --stack dev` to keep them, and set fewer in a later update if they are enough.',
    );
    set(first, { replicas: "4" });
    await first.up("dev");
    over.abort();
    await watching;
    assert.deepEqual([...new Set(counts)], [2, 4]);
    assert.equal(await live("horizontalpodautoscalers", "{.items}"), "[]");
  });

  it("lets a checkout adopt on purpose what another one, or a lost state, has left, with the data", async () => {
    const before = await idOf();
    set(second, { adoptNamespace: await uidOf() });
    await second.up("dev");
    assert.notEqual(await idOf(), before);
    assert.equal(await rows(second), "1");
    set(second, {});
    assert.match(await second.up("dev"), /\d+ unchanged/);
  });

  it("tells the first one that it was taken over, and clears only its state when it goes down", async () => {
    const id = await idOf();
    set(first, { adoptNamespace: await uidOf() });
    const whose = madeBy(second);
    refuses(await first.npm("up", "dev"), `${place} is not this stack's any more: it was taken over by ${whose}`);
    refuses(await first.npm("manage", "dev", "flush", "--noinput"), `${place} is not this stack's any more`);
    refuses(await first.npm("drift", "dev", "--restore"), `${place} is not this stack's any more`);
    const { exitCode, output } = await first.npm("down", "dev");
    assert.equal(exitCode, 0, output);
    assert.ok(output.includes(`${place} belongs to ${whose}`), output);
    assert.deepEqual(await resourcesOf(first), []);
    assert.equal(await idOf(), id);
    assert.equal(await rows(second), "1");
  });

  it("refuses to delete the data with the stack until it is not protected, and deletes it then", async () => {
    const { exitCode, output } = await second.npm("down", "dev");
    assert.equal(exitCode, 1, output);
    assert.match(output, /keeps data in the volume "kubernetes-django-database"/);
    assert.equal(await rows(second), "1");
    set(second, { protectData: false });
    await second.up("dev");
    assert.equal((await second.npm("down", "dev")).exitCode, 0);
    assert.match(await kubectl("get", "namespace", namespace), /NotFound/);
    assert.deepEqual(fs.existsSync(second.stateFile("dev")) ? await resourcesOf(second) : [], []);
  });
});

describe("a namespace that somebody deleted, or that was there", () => {
  let checkout: Checkout;
  let config: Config;
  const own = `${namespace}-guest`;
  const at = `Namespace "${own}" of kube context "docker-desktop"`;
  const kubectl = async (...args: string[]): Promise<string> =>
    (await checkout.workspace.kubectl("--namespace", own, ...args)).trim();
  const up = async (more: Config = {}): Promise<SplitResult> => {
    checkout.configure("dev", { ...config, ...more });
    return await checkout.npm("up", "dev");
  };

  before(async () => {
    const builder = await availableBuilder();
    // Pods would be waited for whenever a namespace goes.
    const common = { target: "docker-desktop", builder, debug: true, replicas: "0" };
    config = { ...common, namespace: own, imageRepository: own };
    checkout = new Checkout(await Workspace.create(await getTools(), "dev", config));
  });
  after(async () => {
    const { workspace } = checkout;
    await workspace.deleteNamespaces(own);
    await checkout.clean(own);
  });

  it("serves nothing where `replicas` is 0, is seen by `doctor` and `up` once somebody deleted it, and made again by `drift --restore`", async () => {
    const nothing = await up();
    assert.equal(nothing.exitCode, 0, nothing.output);
    assert.match(
      nothing.output,
      /^Nothing is served, since `replicas` is 0; to serve the page, run `npm run pulumi -- config set replicas 1 --stack dev` and run `npm run up -- dev` again$/m,
    );
    assert.equal(nothing.stdout, "");
    const manage = await checkout.npm("manage", "dev", "check");
    assert.equal(manage.exitCode, 1);
    assert.equal(
      manage.output,
      "error: manage.py runs in a pod of stack dev, and there is none, since `replicas` is 0; run `npm run pulumi -- config set replicas 1 --stack dev` and `npm run up -- dev`.",
    );
    await kubectl("delete", "namespace", own);
    const doctor = await checkout.npm("doctor", "dev");
    assert.equal(doctor.exitCode, 1);
    assert.match(
      doctor.output,
      new RegExp(`✗ +deployed objects +Namespace ${own}, and with it all that was in it, is gone`),
    );
    const restore = "run `npm run drift -- dev --restore`";
    assert.ok(doctor.output.includes(restore), doctor.output);
    const { exitCode, output } = await up();
    assert.equal(exitCode, 1);
    assert.ok(output.includes(restore), output);
    const restored = await checkout.npm("drift", "dev", "--restore");
    assert.equal(restored.exitCode, 0, restored.output);
    assert.match((await up()).output, /\d+ unchanged/);
    const after = await checkout.npm("doctor", "dev");
    assert.match(after.output, /✓ +deployed objects/);
  });

  it("is refused when somebody else made it, and `down` of an old state deletes nothing in it", async () => {
    const uid = async (): Promise<string> =>
      await kubectl("get", "namespace", own, "--output", "jsonpath={.metadata.uid}");
    await kubectl("delete", "namespace", own);
    await kubectl("create", "namespace", own);
    await kubectl("create", "configmap", "payments");
    const theirs = await uid();
    const { exitCode, output } = await up();
    assert.equal(exitCode, 1);
    assert.ok(
      output.includes(
        `error: ${at} was not made by kubernetes-django, and there is something in it; run \`npm run pulumi -- config set namespace NAME --stack dev\` for a namespace of its own; if it was made for you and has to stay, run \`npm run pulumi -- config set existingNamespace true --stack dev\`.`,
      ),
      output,
    );
    assert.equal((await up({ adoptNamespace: theirs })).exitCode, 1);
    const down = await checkout.npm("down", "dev");
    assert.equal(down.exitCode, 0, down.output);
    assert.equal(await uid(), theirs);
    assert.match(await kubectl("get", "configmaps"), /^payments /m);
  });

  it("gets only the stack's own objects with existingNamespace, and loses only those", async () => {
    await kubectl("create", "deployment", "payments", "--image=none", "--replicas=0");
    const among = await up({ existingNamespace: true });
    assert.equal(among.exitCode, 1);
    assert.ok(
      among.output.includes(`${at} holds workloads of others (Deployment payments), and a stack has to be alone`),
      among.output,
    );
    await kubectl("delete", "deployment", "payments");
    const guest = await up({ existingNamespace: true });
    assert.equal(guest.exitCode, 0, guest.output);
    assert.match((await up({ existingNamespace: true })).output, /\d+ unchanged/);
    const { output } = await checkout.npm("doctor", "dev");
    assert.doesNotMatch(output, new RegExp(`namespace +${own}\\b`));
    const labels = await kubectl("get", "namespace", own, "--output", "jsonpath={.metadata.labels}");
    assert.deepEqual(Object.keys(JSON.parse(labels) as object), ["kubernetes.io/metadata.name"]);
    const selector = ["--selector", "app.kubernetes.io/managed-by=kubernetes-django", "--output", "name"];
    const kinds = "deployments,services,serviceaccounts,networkpolicies,configmaps";
    assert.deepEqual((await kubectl("get", kinds, ...selector)).split("\n").sort(), [
      "configmap/kubernetes-django-stack",
      "deployment.apps/kubernetes-django",
      "networkpolicy.networking.k8s.io/kubernetes-django",
      "service/kubernetes-django-service",
      "serviceaccount/kubernetes-django",
    ]);
    assert.equal((await checkout.npm("down", "dev")).exitCode, 0);
    const left = await kubectl("get", kinds, "--output", "name");
    assert.deepEqual(left.split("\n").sort(), [
      "configmap/kube-root-ca.crt",
      "configmap/payments",
      "serviceaccount/default",
    ]);
  });

  it("has to be there with existingNamespace", async () => {
    await kubectl("delete", "namespace", own);
    const { exitCode, output } = await up({ existingNamespace: true });
    assert.equal(exitCode, 1);
    assert.ok(
      output.includes(
        `error: Config key "existingNamespace" is true, and the cluster of kube context "docker-desktop" has no namespace "${own}"; ask for it, or run \`npm run pulumi -- config rm existingNamespace --stack dev\` if the stack may make it.`,
      ),
      output,
    );
  });
});
