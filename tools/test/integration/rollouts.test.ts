import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { waitUntilServed } from "../../commands/up";
import { until } from "../../waiting";
import { availableBuilder, figure, getTools } from "./helpers/cluster";
import { HalfRequests } from "./helpers/halfRequests";
import { describeLoad, type Load, type LoadResult, underLoad } from "./helpers/load";
import { untilPageShows } from "./helpers/page";
import { readyPods } from "./helpers/pods";
import { whileStopped } from "./helpers/standstill";
import { Workspace } from "./helpers/workspace";

const updates = 5;
const load: Load = { connections: 50, rate: 100 };

describe("pods under a steady load", () => {
  let workspace: Workspace;
  let url: string;

  before(async () => {
    const namespace = "rollouts";
    const builder = await availableBuilder();
    const config = { target: "docker-desktop", builder, namespace, imageRepository: namespace, replicas: "2" };
    workspace = await Workspace.create(await getTools(), "dev", { ...config, debug: false });
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    await workspace.up();
    url = await workspace.output("url");
    await waitUntilServed(url);
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  /** Those that serve: of two of which one is starting still, the other one cannot be spared. */
  const pods = async (): Promise<string[]> => {
    const ready = await readyPods(workspace, "rollouts");
    return ready.map(({ name }) => name);
  };

  const lost = ({ failed }: LoadResult, all: LoadResult[]): string =>
    `${failed} lost: ${all.map(describeLoad).join("; ")}`;

  it("lose no request, and fail no probe, while 200 clients have sent half a request each", async function () {
    const jsonpath = (path: string): string[] => ["--output", `jsonpath=${path}`];
    const health = async (): Promise<string[]> => {
      const get = async (...args: string[]): Promise<string> =>
        await workspace.kubectl("-n", "rollouts", "get", ...args);
      const status = "{.metadata.name} {.status.containerStatuses[0].restartCount}";
      const failure = "{.involvedObject.name} {.count} {.message}";
      return [
        await get("pods", ...jsonpath(`{range .items[*]}${status}\n{end}`)),
        await get("events", "--field-selector", "reason=Unhealthy", ...jsonpath(`{range .items[*]}${failure}\n{end}`)),
      ];
    };
    const before = await health();
    assert.match(before[0] ?? "", /^(kubernetes-django-\S+ 0\n?){2}$/);
    const without = await underLoad(url, load, async () => {
      await sleep(4000);
    });
    const clients = await HalfRequests.open(url, 200);
    const among = await underLoad(url, load, async () => {
      // Longer than the server waits for a request.
      await sleep(12_000);
    }).finally(() => {
      clients.close();
    });
    assert.deepEqual([without.failed, among.failed], [0, 0], lost(among, [without, among]));
    assert.deepEqual(await health(), before);
    figure(this, `${describeLoad(among)}, ${without.p99} ms without them; ${clients.givenUp} given up`);
  });

  for (const replicas of [2, 1]) {
    it(`lose no request in ${updates} code changes with replicas: ${replicas}`, async function () {
      await workspace.pulumiOk("config", "set", "replicas", String(replicas));
      await workspace.up();
      const results: LoadResult[] = [];
      for (let round = 1; round <= updates; round++) {
        const heading = `replicas ${replicas}, round ${round}`;
        workspace.edit("app/templates/index.html", (text) => text.replace(/<h1>.*<\/h1>/, `<h1>${heading}</h1>`));
        results.push(
          await underLoad(url, load, async () => {
            await workspace.up();
            // Those that are told to end serve on for a while.
            await sleep(8000);
          }),
        );
        await untilPageShows(url, new RegExp(heading));
      }
      for (const result of results) {
        assert.equal(result.failed, 0, lost(result, results));
      }
      figure(
        this,
        `${results.reduce((sum, { answered }) => sum + answered, 0)} answered, 99 % within ${Math.max(...results.map(({ p99 }) => p99))} ms`,
      );
    });
  }

  /** A kubeconfig of a user whose token is good for the namespace alone. */
  const colleague = async (): Promise<NodeJS.ProcessEnv> => {
    const kubectl = async (...args: string[]): Promise<string> =>
      (await workspace.kubectl("--namespace", "rollouts", ...args)).trim();
    await kubectl("create", "serviceaccount", "colleague");
    await kubectl("create", "rolebinding", "colleague", "--clusterrole=admin", "--serviceaccount=rollouts:colleague");
    const as = ["--as", "system:serviceaccount:rollouts:colleague"];
    for (const path of ["/api/v1/namespaces/kube-system", "/api/v1/namespaces"]) {
      assert.match(await kubectl("get", "--raw", path, ...as), /Forbidden/);
    }
    const own = JSON.parse(fs.readFileSync(workspace.environment["KUBECONFIG"] ?? "", "utf8")) as {
      users: { user: object }[];
    };
    for (const each of own.users) {
      each.user = { token: await kubectl("create", "token", "colleague") };
    }
    const KUBECONFIG = path.join(workspace.folder, "kubeconfig-colleague");
    fs.writeFileSync(KUBECONFIG, JSON.stringify(own));
    return { KUBECONFIG };
  };

  it("lose no request, and replace nothing, when another user's token may see only the namespace", async function () {
    const environment = await colleague();
    const pulumi = async (...args: string[]): Promise<string> => {
      const flags = ["--stack", "dev", "--non-interactive", "--color", "never"];
      const { exitCode, output } = await workspace.run("pulumi", [...args, ...flags], environment);
      assert.equal(exitCode, 0, output);
      return output;
    };
    assert.match(await pulumi("preview", "--diff"), /Resources:\n\s+\d+ unchanged/);
    workspace.edit("app/templates/index.html", (text) => text.replace(/<h1>.*<\/h1>/, "<h1>by a colleague</h1>"));
    const result = await underLoad(url, load, async () => {
      assert.doesNotMatch(await pulumi("up", "--yes", "--skip-preview"), /replace/);
      await sleep(8000);
    });
    assert.equal(result.failed, 0, lost(result, [result]));
    await untilPageShows(url, /by a colleague/);
    figure(this, describeLoad(result));
  });

  /** Does work of which kube-proxy, and so where new connections go, learns only when it has ended. */
  const withoutProxy = async (work: () => Promise<void>): Promise<void> => {
    await whileStopped("kube-proxy", work);
  };

  const deletions: [title: string, run: (remove: () => Promise<void>) => Promise<void>][] = [
    [
      "is deleted by hand",
      async (remove) => {
        await remove();
      },
    ],
    [
      "is deleted by hand and kube-proxy learns of it 4 s late",
      async (remove) => {
        await withoutProxy(async () => {
          // From the beginning: the pod serves on for 5 s after the API server has taken the deletion, whenever kubectl ends.
          await Promise.all([remove(), sleep(4000)]);
        });
      },
    ],
  ];
  for (const [title, run] of deletions) {
    it(`lose no request when one of two pods ${title}`, async function () {
      await workspace.pulumiOk("config", "set", "replicas", "2");
      await workspace.up();
      // Pulumi sees no change in what a test before deleted.
      await workspace.kubectl("-n", "rollouts", "rollout", "status", "deployment/kubernetes-django");
      const victim = await until(
        async () => {
          const [one, other, ...more] = await pods();
          assert.ok(one !== undefined && other !== undefined && more.length === 0);
          return one;
        },
        { seconds: 120, pauseMilliseconds: 500 },
      );
      const result = await underLoad(url, load, async () => {
        await run(async () => {
          await workspace.kubectl("-n", "rollouts", "delete", "pod", victim, "--wait=false");
        });
        await workspace.kubectl("-n", "rollouts", "wait", "--for=delete", `pod/${victim}`, "--timeout=60s");
      });
      assert.ok(!(await pods()).includes(victim));
      assert.equal(result.failed, 0, lost(result, [result]));
      figure(this, describeLoad(result));
    });
  }
});
