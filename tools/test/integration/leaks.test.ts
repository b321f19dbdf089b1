import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import execa from "execa";

import { until } from "../../waiting";
import { getTools, needPlugin } from "./helpers/cluster";
import { readyPods } from "./helpers/pods";
import { Workspace } from "./helpers/workspace";

const namespace = `leaks-${process.pid}`;
const newKey = (): string => `leak${randomBytes(28).toString("hex")}`;

/** A key as it is, and as Kubernetes keeps it. */
const forms = (key: string): string[] => [key, Buffer.from(key).toString("base64")];

describe("the secret key of a stack with debug off, and a secret of its build", () => {
  const key = newKey();
  const changed = newKey();
  const token = newKey();
  // Docker takes a step with the same command from its cache, also where the secret was another one.
  const sumFile = `/${randomBytes(4).toString("hex")}.sum`;
  let workspace: Workspace;

  const assertUnseen = (what: string, text: string): void => {
    for (const form of [key, changed, token].flatMap(forms)) {
      assert.ok(!text.includes(form), `${what} shows it: …${around(text, form)}…`);
    }
  };
  const around = (text: string, form: string): string =>
    text.slice(Math.max(0, text.indexOf(form) - 200)).slice(0, 400);
  const setKey = async (value: string): Promise<void> => {
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", value);
  };
  const get = async (...args: string[]): Promise<string> => await workspace.kubectl("-n", namespace, "get", ...args);
  const inPod = async (...command: string[]): Promise<string> =>
    await workspace.kubectl("-n", namespace, "exec", "deploy/kubernetes-django", "--", ...command);

  before(async function () {
    await needPlugin(this, "docker-build");
    workspace = await Workspace.create(await getTools(), "dev", {
      target: "docker-desktop",
      builder: "docker-build",
      namespace,
      imageRepository: namespace,
      debug: false,
    });
    await setKey(key);
    await workspace.pulumiOk("config", "set", "--secret", "--path", "buildSecrets.TOKEN", token);
    const step = `RUN --mount=type=secret,id=TOKEN sha256sum < /run/secrets/TOKEN > ${sumFile}`;
    workspace.edit("app/Dockerfile", (text) => text.replace(/^USER/m, `${step}\n\nUSER`));
  });
  after(async () => {
    await workspace.docker("image", "rm", "--force", await workspace.output("image"));
    await workspace.dispose();
  });

  const previews = [[], ["--diff"], ["--json"]];
  const preview = async (): Promise<void> => {
    await Promise.all(
      previews.map(async (flags) => {
        const text = await workspace.pulumiOk("preview", ...flags);
        assert.match(text, /secret/i);
        assertUnseen(`pulumi preview ${flags.join("")}`, text);
      }),
    );
  };

  it("is in no preview, be it a list, a diff or JSON", preview);

  it("is not in what `pulumi up` prints", async () => {
    const log = await workspace.pulumiOk("up", "--yes", "--skip-preview", "--diff");
    assert.match(log, /kubernetes:core\/v1:Secret/);
    assertUnseen("pulumi up", log);
  });

  it("is in the state only for who has the passphrase", async () => {
    assertUnseen("pulumi stack export", await workspace.pulumiOk("stack", "export"));
    assert.ok((await workspace.pulumiOk("stack", "export", "--show-secrets")).includes(forms(key)[1] ?? key));
  });

  it("is in no file of the backend and of the project", () => {
    const folders = [workspace.folder, path.join(workspace.folder, ".pulumi")];
    const files = folders.flatMap((folder) =>
      fs
        .readdirSync(folder, { withFileTypes: true, recursive: folder.endsWith(".pulumi") })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name)),
    );
    assert.ok(files.some((file) => file.endsWith("/stacks/kubernetes-django/dev.json")));
    for (const file of files) {
      assertUnseen(file, fs.readFileSync(file, "latin1"));
    }
  });

  it("is in no layer, label or history of the image", async () => {
    const image = await workspace.output("image");
    assertUnseen("docker history", (await workspace.docker("history", "--no-trunc", image)).output);
    assertUnseen("docker inspect", (await workspace.docker("image", "inspect", image)).output);
    // Its layers are archives that are not compressed: a file of the app is found in them.
    const seen = await find(workspace, ["save", image], [key, token].flatMap(forms).concat("DJANGO_SETTINGS_MODULE"));
    assert.deepEqual(seen, new Set(["DJANGO_SETTINGS_MODULE"]));
  });

  it("is there for a step of the build that mounts it", async () => {
    const image = await workspace.output("image");
    const { output } = await workspace.docker("run", "--rm", "--entrypoint", "cat", image, sumFile);
    assert.equal(output, `${createHash("sha256").update(token).digest("hex")}  -`);
  });

  it("is in no pod, no controller's template and no log", async () => {
    assertUnseen("the workloads", await get("pods,deployments,replicasets,events", "-o", "json"));
    assertUnseen("the pod's log", await workspace.kubectl("-n", namespace, "logs", "deploy/kubernetes-django"));
  });

  it("is read by the pod from a Secret, as variables and as a file that is mounted for reading only", async () => {
    const mounts = JSON.parse(
      await get("pods", "-o", "jsonpath={.items[0].spec.containers[0].volumeMounts[?(@.name=='secret')]}"),
    ) as object;
    assert.deepEqual(mounts, { mountPath: "/run/secrets/django", name: "secret", readOnly: true });
    const path = "jsonpath={.items[0].spec.volumes[?(@.name=='secret')].projected.sources[*].secret.name}";
    assert.equal(await get("pods", "-o", path), await get("secrets", "-o", "jsonpath={.items[*].metadata.name}"));
    const variables = (await inPod("env")).split("\n");
    const file = "SECRET_KEY_FILE=/run/secrets/django/secret-key";
    for (const variable of [file, `SECRET_KEY=${key}`, `DJANGO_SECRET_KEY=${key}`]) {
      assert.ok(variables.includes(variable), variable.split("=")[0]);
    }
    assert.equal(await inPod("cat", "/run/secrets/django/secret-key"), key);
  });

  it("rolls the pods when it changes, and shows in no preview of that either", async () => {
    const pods = async (): Promise<string[]> =>
      (await get("pods", "-o", "jsonpath={.items[*].metadata.name}")).split(" ");
    const before = await pods();
    await setKey(changed);
    await preview();
    assertUnseen("pulumi up", await workspace.up());
    // Pulumi may take the version before for the new one, where the controller sees the change late.
    const fresh = await until(
      async () => {
        const ready = await readyPods(workspace, namespace);
        const [pod, ...others] = ready.map(({ name }) => name).filter((name) => !before.includes(name));
        assert.deepEqual(others, []);
        assert.ok(pod !== undefined, "no new pod is ready");
        return pod;
      },
      { seconds: 120 },
    );
    const read = ["exec", fresh, "--", "cat", "/run/secrets/django/secret-key"];
    assert.equal(await workspace.kubectl("-n", namespace, ...read), changed);
    assertUnseen("pulumi stack export", await workspace.pulumiOk("stack", "export"));
  });
});

/** Which texts occur in what a docker command writes to its standard output. */
async function find({ environment }: Workspace, args: string[], texts: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const longest = Math.max(...texts.map((text) => text.length));
  const child = execa("docker", args, { env: environment, extendEnv: false, buffer: false });
  let end = "";
  child.stdout?.setEncoding("latin1").on("data", (chunk: string) => {
    const text = end + chunk;
    texts.filter((each) => text.includes(each)).forEach((each) => found.add(each));
    end = text.slice(-longest);
  });
  await child;
  return found;
}
