import { setTimeout } from "node:timers/promises";

import { withoutDaemon } from "../../sandbox/cluster/cluster";
import { local } from "../../sandbox/cluster/kinds";
import { createStack } from "../../pulumi/stacks";
import { RunningCommand } from "../../terminal/runningCommand";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { untilPageShows } from "./helpers/page";
import { whileStopped } from "./helpers/standstill";
import { Workspace } from "./helpers/workspace";

describe("`npm run watch` while the cluster is away", () => {
  const name = "outages";
  const stack = "dev";
  let checkout: Checkout;
  let watch: RunningCommand;
  let url: string;

  before(async () => {
    const builder = await availableBuilder();
    // With debug on Django's welcome page is served instead.
    const config = { target: "docker-desktop", builder, namespace: name, imageRepository: name, debug: false };
    checkout = new Checkout(await Workspace.create(await getTools(), stack, config));
    await createStack(checkout.workspace.cli);
    await checkout.workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    watch = new RunningCommand(checkout.startNpm({}, "watch", stack));
    await watch.until("Waiting for changes");
    url = await checkout.workspace.output("url");
  });
  after(async () => {
    await (watch as RunningCommand | undefined)?.interrupt();
    await checkout.workspace.deleteNamespaces(name);
    await checkout.clean(name);
  });

  const save = (heading: string): void => {
    checkout.workspace.edit("app/templates/index.html", (text) =>
      text.replace(/<h1>[^<]*<\/h1>/, `<h1>${heading}</h1>`),
    );
  };

  it("says that a pod is not in sync where nothing answers, as after a sleep, and brings what was saved", async () => {
    await whileStopped("kube-apiserver", async () => {
      save("While asleep");
      await watch.until("is not in sync");
    });
    await watch.until("is in sync again");
    await untilPageShows(url, /While asleep/);
  });

  it("brings what was saved before and while the node was restarted", async () => {
    save("Before");
    await untilPageShows(url, /Before/);
    await withoutDaemon(local, "dockerd", async () => {
      save("While it was away");
      await setTimeout(3000);
    });
    await untilPageShows(url, /While it was away/);
  });
});
