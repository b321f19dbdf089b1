import assert from "node:assert/strict";
import fs from "node:fs";

import { waitUntilServed } from "../../commands/up";
import { startCluster, stopCluster } from "../../sandbox/cluster/cluster";
import { local } from "../../sandbox/cluster/kinds";
import { until } from "../../waiting";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools, needPlugin, skip, startedByTests } from "./helpers/cluster";
import { Kubectl } from "./helpers/kubectl";
import { untilPageShows } from "./helpers/page";
import { Workspace } from "./helpers/workspace";

const namespace = "media";
const claim = "kubernetes-django-media";
/** A class whose volumes may grow, as clouds have them, and one whose provisioner is the test. */
const storageClasses = [
  { name: "growing", provisioner: "kubernetes-django-sandbox/hostpath", allowVolumeExpansion: true },
  { name: "one-node", provisioner: "kubernetes-django.test/one-node" },
].map(({ name, ...rest }) => ({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name }, ...rest }));

const view = `from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def upload(request, name):
    if request.method == "POST":
        default_storage.save(name, ContentFile(request.body))
    return HttpResponse(default_storage.open(name).read(), content_type="text/plain")
`;

describe("a stack with volumes for uploads and for the file of SQLite", () => {
  let checkout: Checkout;
  let workspace: Workspace;
  let kubectl: Kubectl;

  before(async function () {
    this.timeout(600_000);
    const builder = await availableBuilder();
    await needPlugin(this, builder);
    kubectl = await Kubectl.of(local);
    await kubectl.apply(...storageClasses);
    const config = { target: "docker-desktop", builder, namespace, imageRepository: namespace, debug: false };
    workspace = await Workspace.create(await getTools(), "dev", config);
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    await set({ path: "/app/media", size: "1Gi", storageClass: "one-node", accessMode: "ReadWriteMany" });
    await workspace.pulumiOk("config", "set", "databaseStorage", "1Gi");
    const wait = "python -c 'import signal; signal.pause()'";
    await workspace.pulumiOk("config", "set", "--path", "processes.reader.command", wait);
    await workspace.pulumiOk("config", "set", "--path", "schedules.look.command", "ls /app/media");
    await workspace.pulumiOk("config", "set", "--path", "schedules.look.schedule", "0 3 1 1 *");
    checkout = new Checkout(workspace);
    fs.writeFileSync(checkout.path("app/config/uploads.py"), view);
    fs.appendFileSync(checkout.path("app/config/settings.py"), 'MEDIA_ROOT = BASE_DIR / "media"\n');
    fs.appendFileSync(
      checkout.path("app/config/urls.py"),
      '\nfrom config.uploads import upload\n\nurlpatterns.append(path("uploads/<path:name>", upload))\n',
    );
    fs.mkdirSync(checkout.path("app/media"));
    fs.writeFileSync(checkout.path("app/media/logo.txt"), "from the image");
  });
  after(async () => {
    const stack = workspace as Workspace | undefined;
    await stack?.pulumi("state", "unprotect", "--all", "--yes");
    await stack?.dispose();
    const names = storageClasses.map(({ metadata }) => metadata.name);
    await (kubectl as Kubectl | undefined)?.run(["delete", "storageclass", "--ignore-not-found", ...names]);
  });

  const set = async (media: Record<string, string>): Promise<void> => {
    for (const [field, value] of Object.entries(media)) {
      await workspace.pulumiOk("config", "set", "--path", `media.${field}`, value);
    }
  };
  const get = async (what: string, path: string): Promise<string> =>
    await kubectl.run(["get", ...what.split(" "), "--namespace", namespace, "--output", `jsonpath={${path}}`]);
  const page = async (path: string): Promise<string> => {
    const url = (await workspace.pulumiOk("stack", "output", "url", "--stack", "dev")).trim();
    await waitUntilServed(url);
    return `${url}${path}`;
  };
  const upload = async (name: string, body: string): Promise<void> => {
    const response = await fetch(await page(`uploads/${name}`), { method: "POST", body });
    assert.equal(response.status, 200, await response.text());
  };
  const shell = async (code: string): Promise<string> => {
    const { exitCode, output } = await checkout.npm("manage", "dev", "shell", "--no-imports", "--command", code);
    assert.equal(exitCode, 0, output);
    return output.trim();
  };
  const users = "from django.contrib.auth.models import User; ";
  /** Asks on while pods start anew. */
  const assertKept = async (): Promise<void> => {
    await untilPageShows(await page("uploads/mine.txt"), /uploaded/);
    const names = `${users}print([each.username for each in User.objects.all()])`;
    const wait = { seconds: 120, pauseMilliseconds: 1000 };
    assert.equal(await until(async () => await shell(names), wait), "['ada']");
  };

  it("ends an update whose volume cannot be shared by nodes, with the provisioner's reason and the key", async () => {
    const failing = checkout.npm("up", "dev");
    await kubectl.until(async () => (await get(`pvc ${claim}`, ".metadata.uid")) !== "", 240);
    const uid = await get(`pvc ${claim}`, ".metadata.uid");
    const now = new Date().toISOString();
    await kubectl.apply({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "refused", namespace },
      involvedObject: { apiVersion: "v1", kind: "PersistentVolumeClaim", name: claim, namespace, uid },
      type: "Warning",
      reason: "ProvisioningFailed",
      message:
        'failed to provision volume with StorageClass "one-node": rpc error: code = InvalidArgument desc = Volume capabilities MULTI_NODE_MULTI_WRITER not supported.',
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component: "one-node" },
    });
    const { exitCode, output } = await failing;
    assert.notEqual(exitCode, 0);
    assert.match(
      output,
      /error: .* does not become ready: ProvisioningFailed, the volume kubernetes-django-media is not made \(Volume capabilities MULTI_NODE_MULTI_WRITER not supported\); [^;]+ yet; name a StorageClass whose volumes several nodes can share, with `npm run pulumi -- config set --path media\.storageClass NAME[^`]*`, or have all pods on one node, with `npm run pulumi -- config set --path media\.accessMode ReadWriteOnce/,
    );
  });

  it("makes another volume in place of one that was never there, although data is protected", async () => {
    await set({ storageClass: "growing", accessMode: "ReadWriteOnce" });
    await checkout.up("dev");
    assert.equal(await get(`pvc ${claim}`, ".status.phase"), "Bound");
  });

  it("has what the image has there, which every process of the app can read and change", async () => {
    await untilPageShows(await page("uploads/logo.txt"), /from the image/);
    await upload("mine.txt", "uploaded");
    const reader = ["exec", "--namespace", namespace, "deployment/kubernetes-django-reader", "--"];
    assert.equal(await kubectl.run([...reader, "cat", "/app/media/mine.txt"]), "uploaded");
    await shell("import os; os.remove('/app/media/logo.txt')");
    await shell(`${users}User.objects.create_user('ada')`);
    await assertKept();
  });

  it("keeps an uploaded file and a row over an edit, and what was deleted stays so", async () => {
    fs.appendFileSync(checkout.path("app/templates/index.html"), "<p>edited</p>\n");
    await checkout.up("dev");
    await untilPageShows(await page(""), /edited/);
    await assertKept();
    assert.equal(await shell("import os; print(sorted(os.listdir('/app/media')))"), "['mine.txt']");
  });

  it("comes back from a backup of the rows and the uploads, which replaces what came later", async () => {
    const backup = checkout.path("shop.sqlite3");
    const { exitCode, stdout, output } = await checkout.npm("db:backup", "dev", backup, "--media");
    assert.equal(exitCode, 0, output);
    assert.equal(stdout, "shop.sqlite3\nshop.sqlite3.media.tar.gz");
    for (const file of [backup, `${backup}.media.tar.gz`]) {
      assert.equal(fs.statSync(file).mode & 0o777, 0o600, file);
    }
    await shell(`${users}User.objects.all().delete(); User.objects.create_user('later')`);
    await shell("import os; os.remove('/app/media/mine.txt')");
    await upload("later.txt", "uploaded later");

    const refused = await checkout.npm("db:restore", "dev", backup, "--media");
    assert.notEqual(refused.exitCode, 0);
    assert.match(
      refused.output,
      /error: The database of stack dev is not empty: table auth_user has rows, which a restore replaces; run `npm run db:backup -- dev FILE` to keep them, and add --force to replace them\.$/,
    );
    assert.equal(await shell("import os; print(sorted(os.listdir('/app/media')))"), "['later.txt']");

    const restored = await checkout.npm("db:restore", "dev", backup, "--media", "--force");
    assert.equal(restored.exitCode, 0, restored.output);
    await assertKept();
    assert.equal(await shell("import os; print(sorted(os.listdir('/app/media')))"), "['mine.txt']");
    // The pod's user owns what came back.
    await upload("more.txt", "uploaded after the restore");
    await shell("import os; os.remove('/app/media/more.txt')");
  });

  it("keeps them when the pod is deleted", async () => {
    await kubectl.run(["delete", "pod", "--namespace", namespace, "--selector", "app=django-container"]);
    await assertKept();
  });

  it("keeps them while the cluster is stopped", async function () {
    this.timeout(600_000);
    if (!startedByTests()) {
      skip(this, "the cluster was running before the tests and stays");
    }
    await stopCluster(local);
    await startCluster(local);
    await assertKept();
  });

  it("lets the volume grow, and not become another one", async () => {
    await set({ size: "2Gi" });
    await checkout.up("dev");
    assert.equal(await get(`pvc ${claim}`, ".spec.resources.requests.storage"), "2Gi");
    await assertKept();
    await set({ accessMode: "ReadWriteMany" });
    const { exitCode, output } = await checkout.npm("up", "dev");
    assert.notEqual(exitCode, 0);
    assert.match(
      output,
      /error: Config key "media\.accessMode" is "ReadWriteMany", and the volume "kubernetes-django-media" of namespace "media" has "ReadWriteOnce", which a volume keeps; run/,
    );
    await set({ accessMode: "ReadWriteOnce" });
    await workspace.pulumiOk("config", "rm", "--path", "media.storageClass");
    await checkout.up("dev");
    await assertKept();
  });

  it("is destroyed by no command while its data is protected", async () => {
    const down = await checkout.npm("down", "dev");
    assert.notEqual(down.exitCode, 0);
    assert.match(
      down.output,
      /error: Stack dev keeps data in the volumes "kubernetes-django-(sqlite|media)" and "kubernetes-django-(sqlite|media)" \(protectData is true\), so nothing was destroyed; to delete them with the data, run/,
    );
    await workspace.pulumiOk("config", "rm", "media");
    const up = await checkout.npm("up", "dev");
    assert.notEqual(up.exitCode, 0);
    assert.match(
      up.output,
      /error: Config key "media" is not set, and stack dev keeps data in the volume "kubernetes-/,
    );
    await assertKept();
  });

  it("is deleted when it is not protected and turned off, although a finished run had it", async () => {
    await set({ path: "/app/media", size: "2Gi" });
    await workspace.pulumiOk("config", "set", "protectData", "false");
    await checkout.up("dev");
    const { exitCode, output } = await checkout.npm("schedule", "dev", "look");
    assert.equal(exitCode, 0, output);
    assert.match(output, /mine\.txt/);
    await workspace.pulumiOk("config", "rm", "media");
    await workspace.pulumiOk("config", "rm", "databaseStorage");
    await checkout.up("dev");
    assert.equal(await kubectl.run(["get", "pvc", "--namespace", namespace, "--output", "name"]), "");
  });
});
