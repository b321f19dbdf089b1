import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { writeTree } from "../../../test/unit/helpers/folders";
import { Checkout } from "./helpers/checkout";
import { until } from "../../waiting";
import { availableBuilder, getTools } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

const namespace = "more-apps";
const blogs = `${namespace}-blog`;
const stack = "dev";

const dockerfile = `FROM python:3.13-slim
WORKDIR /srv
COPY . .
USER 10001
CMD ["python", "serve.py"]
`;
/** A page that says which app it is of. */
const serve = `import http.server, os
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(open("page").read().encode())
http.server.test(Page, port=int(os.environ["PORT"]))
`;

const guide = fs.readFileSync(path.join(__dirname, "../../../docs/more-apps.md"), "utf8");
/** The guide's code, which replaces the function of index.ts that the guide names, or comes before it. */
const [twoApps = "", beside = "", imports = ""] = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);

interface Outputs {
  url: string;
  namespace: string;
  blog: { url: string; namespace: string; image: string };
  image: string;
}

describe("several apps in one stack", () => {
  let checkout: Checkout;
  let program = "";

  before(async () => {
    const config = {
      target: "docker-desktop",
      builder: await availableBuilder(),
      debug: true,
      namespace,
      imageRepository: namespace,
      project: "shop",
    };
    checkout = new Checkout(await Workspace.create(await getTools(), stack, config));
    const own = { Dockerfile: dockerfile, "serve.py": serve };
    writeTree(checkout.path("shop"), { ...own, page: "shop" });
    writeTree(checkout.path("blog"), { ...own, page: "blog" });
    const { exitCode, output } = await checkout.npm(
      "pulumi",
      "config",
      "set",
      "blog:project",
      "blog",
      "--stack",
      stack,
    );
    assert.equal(exitCode, 0, output);
    program = fs.readFileSync(checkout.path("index.ts"), "utf8");
    deploys(twoApps);
  });
  after(async () => {
    await checkout.npm("down", stack);
    await kubectl("delete", "namespace", blogs, "--ignore-not-found");
    await checkout.clean(namespace);
  });

  const kubectl = async (...args: string[]): Promise<string> => (await checkout.workspace.run("kubectl", args)).output;
  const deploys = (code: string, more = ""): void => {
    const changed = program.replace(/\/\*\* Takes a .*?^}\n/ms, () => code);
    assert.notEqual(changed, program);
    fs.writeFileSync(checkout.path("index.ts"), more + changed);
  };
  const outputs = async (): Promise<Outputs> => {
    const { output } = await checkout.workspace.run("pulumi", ["stack", "output", "--stack", stack, "--json"]);
    return JSON.parse(output) as Outputs;
  };
  const pods = async (of: string): Promise<string> =>
    await kubectl("--namespace", of, "get", "pods", "--selector", "app=django-container", "--output", "name");
  const namespaces = async (): Promise<string[]> => {
    const found = await kubectl("get", "namespaces", "--output", "name");
    return found.split("\n").filter((each) => each.startsWith(`namespace/${namespace}`));
  };
  const page = async (url: string): Promise<string> => await (await fetch(url)).text();

  it("refuses a namespace of the second one that others made, and changes nothing", async () => {
    await kubectl("create", "namespace", blogs);
    await kubectl("--namespace", blogs, "create", "configmap", "theirs");
    const { exitCode, output } = await checkout.npm("up", stack);
    assert.notEqual(exitCode, 0);
    assert.ok(output.includes(`App "blog": Namespace "${blogs}" of kube context "docker-desktop"`), output);
    assert.deepEqual(await namespaces(), [`namespace/${blogs}`]);
    await kubectl("delete", "namespace", blogs);
  });

  it("serves both, each from its own namespace and image", async () => {
    await checkout.up(stack);
    const { url, blog, image, namespace: own } = await outputs();
    assert.deepEqual([await page(url), await page(blog.url)], ["shop", "blog"]);
    assert.deepEqual([own, blog.namespace], [namespace, blogs]);
    assert.notEqual(image, blog.image);
  });

  it("lets a command work on the second one, by its name", async () => {
    const { exitCode, output } = await checkout.npm("logs", stack, "--app", "blog", "--tail", "all", "--no-follow");
    assert.equal(exitCode, 0, output);
    assert.match(output, /GET \/ HTTP/);
    const unknown = await checkout.npm("logs", stack, "--app", "blgo");
    assert.notEqual(unknown.exitCode, 0);
    assert.ok(
      unknown.output.includes(
        'error: Stack dev has no app "blgo": there are kubernetes-django, blog; name one of them',
      ),
      unknown.output,
    );
  });

  it("changes nothing in an update without a change, and finds no drift", async () => {
    const before = [await pods(namespace), await pods(blogs)];
    await checkout.up(stack);
    assert.deepEqual([await pods(namespace), await pods(blogs)], before);
    const { exitCode, output } = await checkout.npm("drift", stack);
    assert.equal(exitCode, 0, output);
  });

  it("rolls the pods of the app that was changed alone", async () => {
    const [shops, old] = [await pods(namespace), await pods(blogs)];
    writeTree(checkout.path("blog"), { page: "blog, changed" });
    await checkout.up(stack);
    const { blog } = await outputs();
    // `npm run up` requests the page of the first app alone, and the node may lead to the old pod for a moment.
    await until(
      async () => {
        assert.equal(await page(blog.url), "blog, changed");
      },
      { seconds: 30 },
    );
    assert.equal(await pods(namespace), shops);
    assert.notEqual(await pods(blogs), old);
  });

  it("deletes an app that index.ts has no more, and runs what it has beside the other one", async () => {
    deploys(beside, imports);
    await checkout.up(stack);
    assert.deepEqual(await namespaces(), [`namespace/${namespace}`]);
    const printed = await kubectl("--namespace", namespace, "get", "deployments", "--output", "name");
    assert.match(printed, /^deployment\.apps\/banner-/m);
    deploys(twoApps);
    await checkout.up(stack);
    assert.deepEqual(await namespaces(), [`namespace/${namespace}`, `namespace/${blogs}`]);
  });

  it("are all deleted by `npm run down`", async () => {
    const { exitCode, output } = await checkout.npm("down", stack);
    assert.equal(exitCode, 0, output);
    assert.deepEqual(await namespaces(), []);
  });
});
