import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { writeTree } from "../../../test/unit/helpers/folders";
import { Checkout } from "./helpers/checkout";
import { until, untilTrue } from "../../waiting";
import { availableBuilder, getTools } from "./helpers/cluster";
import { RunningCommand } from "../../terminal/runningCommand";
import { stayingPods } from "./helpers/pods";
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
  const pods = async (of: string): Promise<string[]> => await stayingPods(checkout.workspace, of);
  /** The pod of an app's web process, once those of before are on their way out. */
  const onlyPod = async (of: string): Promise<string> =>
    await until(
      async () => {
        const [pod = "", ...more] = await pods(of);
        assert.deepEqual(more, []);
        return pod;
      },
      { seconds: 120 },
    );
  const namespaces = async (): Promise<string[]> => {
    const found = await kubectl("get", "namespaces", "--output", "name");
    return found.split("\n").filter((each) => each.startsWith(`namespace/${namespace}`));
  };
  /** `npm run up` waits for the page of the first app alone: kube-proxy may not have the rules of the other one yet. */
  const page = async (url: string): Promise<string> =>
    await until(async () => await (await fetch(url)).text(), { seconds: 120 });
  /** The node may lead to a pod of before for a moment. */
  const untilPage = async (url: string, text: string): Promise<void> => {
    await until(
      async () => {
        assert.equal(await page(url), text);
      },
      { seconds: 120 },
    );
  };

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

  it("are checked by the doctor, which names the second one", async () => {
    const doctor = async (): Promise<string> => (await checkout.npm("doctor", stack)).output.replaceAll(/ {2,}/g, "  ");
    const before = await doctor();
    assert.match(before, /^ *✓ {2}process web {2}1 of 1 pod ready$/m);
    assert.match(before, /^ *✓ {2}process web of app blog {2}1 of 1 pod ready$/m);
    assert.match(before, /^ *✓ {2}deployed image of app blog {2}more-apps:\w+$/m);
    await kubectl("--namespace", blogs, "scale", "deployment", "blog", "--replicas", "0");
    const after = await doctor();
    await kubectl("--namespace", blogs, "scale", "deployment", "blog", "--replicas", "1");
    await kubectl("--namespace", blogs, "rollout", "status", "deployment", "blog");
    assert.match(after, /^ *✓ {2}process web {2}1 of 1 pod ready$/m);
    assert.match(after, /^ *! {2}process web of app blog {2}has no pod, since `blog:replicas` is 0$/m);
    assert.match(after, /→ run `npm run pulumi -- config set blog:replicas 1 --stack dev` and/);
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
    await untilPage(blog.url, "blog, changed");
    assert.deepEqual(await pods(namespace), shops);
    assert.notDeepEqual(await pods(blogs), old);
  });

  const failures: [what: string, files: Record<string, string>, sentence: RegExp][] = [
    [
      "a build of the second one fails",
      { Dockerfile: dockerfile.replace("USER", "RUN false\nUSER") },
      /error: App "blog": The image could not be built because of line 4 of blog\/Dockerfile[^]*mend the project in blog\//,
    ],
    [
      "the second one crashes",
      { "serve.py": 'raise SystemExit("no such shelf")\n' },
      /error: App "blog": Pod [^]*no such shelf[^]*mend the project in blog\//,
    ],
  ];
  for (const [what, files, sentence] of failures) {
    it(`names it where ${what}, and keeps the page of before`, async () => {
      writeTree(checkout.path("blog"), files);
      const { exitCode, output } = await checkout.npm("up", stack);
      writeTree(checkout.path("blog"), { Dockerfile: dockerfile, "serve.py": serve });
      assert.equal(exitCode, 1, output);
      assert.match(output, sentence);
      assert.match(await page((await outputs()).blog.url), /blog/);
    });
  }

  it("brings the saves of the second one to its pods while that is watched, and deploys those of the first", async () => {
    const mark = { KUBERNETES_DJANGO_TEST: namespace };
    const waiting = "Waiting for changes of blog/, shop/, Pulumi.dev.yaml";
    const config = fs.readFileSync(checkout.path("Pulumi.dev.yaml"), "utf8");
    const watch = new RunningCommand(checkout.startNpm(mark, "watch", stack, "--app", "blog"));
    try {
      await watch.until(waiting);
      const { url, blog } = await outputs();
      // It is on standard output, of which nothing says when it is read here.
      await untilTrue(() => watch.printed.includes(`\n${blog.url}\n`), { seconds: 120 });
      const before = await onlyPod(blogs);
      writeTree(checkout.path("blog"), { page: "blog, live" });
      await watch.until("s after the save");
      await untilPage(blog.url, "blog, live");
      assert.equal(await onlyPod(blogs), before);
      const old = await pods(namespace);
      writeTree(checkout.path("shop"), { page: "shop, changed" });
      await watch.until(
        "shop/page changed, and saves of app kubernetes-django are deployed: `npm run watch -- dev` brings them to its pods",
      );
      await watch.until(waiting);
      await untilPage(url, "shop, changed");
      assert.notDeepEqual(await pods(namespace), old);
      await untilPage(blog.url, "blog, live");
    } finally {
      const { exitCode } = await watch.interrupt();
      assert.equal(exitCode, 0, watch.printed);
    }
    assert.equal(fs.readFileSync(checkout.path("Pulumi.dev.yaml"), "utf8"), config);
    await checkout.up(stack);
  });

  it("refuses to watch an app that the stack does not have", async () => {
    const { exitCode, output } = await checkout.npm("watch", stack, "--app", "blgo");
    assert.equal(exitCode, 1);
    assert.ok(
      output.includes('error: Stack dev has no app "blgo": there are kubernetes-django, blog; name one of them'),
      output,
    );
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
