/** Renders the program for as many apps as the first argument says, against Pulumi's mocks, and prints what it took. */
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { appEntries } from "./entries";
import { parseApps } from "./program/apps";
import { declareApps } from "./program/declareApps";
import type { Rendered } from "./rendered";

async function render(count: number): Promise<Rendered> {
  let resources = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => {
        resources += 1;
        return { id: `${name}-id`, state: inputs as Record<string, unknown> };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "kubernetes-django-scale",
    "scale",
  );
  const { image, apps } = appEntries(count, { image: 1 });
  const start = performance.now();
  await pulumi.runtime.runInPulumiStack(() => {
    declareApps(parseApps(JSON.stringify(apps), image), new Provider("kubernetes", { kubeconfig: "" }));
    return Promise.resolve();
  });
  // Resources that no output depends on may still be on their way.
  await pulumi.runtime.disconnect();
  const seconds = (performance.now() - start) / 1000;
  return { seconds, peakMib: process.resourceUsage().maxRSS / 1024, resources };
}

void render(Number(process.argv[2])).then((rendered) => {
  console.log(JSON.stringify(rendered));
});
