import * as pulumi from "@pulumi/pulumi";

import { appArgs } from "./components/app/appArgs";
import { DjangoApp } from "./components/app/djangoApp";
import { appName } from "./components/app/objectMeta";
import { outputsOf } from "./components/app/outputs";
import { loadSettings } from "./components/config/settings";
import { dockerfileIn } from "./components/image/findDockerfile";
import { DjangoImage, imageArgs } from "./components/image/djangoImage";
import { readProject } from "./components/image/project";
import { showNotes } from "./components/notes";
import { forPulumi } from "./components/runError";
import { readPriorState } from "./components/safeguards/ownState";
import { declareProviders } from "./components/targets/providers";
import { resolveTarget } from "./components/targets/resolveTarget";

/** Takes a Django project to a page: config, cluster, image, app, URL. */
async function deploy(): Promise<Record<string, pulumi.Output<unknown>>> {
  const settings = loadSettings(new pulumi.Config());
  dockerfileIn(settings.project);
  const target = await resolveTarget(settings, readPriorState);
  const project = readProject(settings.project, { ...settings.image, builder: target.builder });
  await showNotes(settings, target, project);
  const providers = declareProviders(target);

  const image = new DjangoImage(appName, imageArgs(settings.image, target, project), { providers: providers.image });
  const app = new DjangoApp(appName, appArgs(settings, target, project, image), { providers: providers.cluster });

  return outputsOf(app, image);
}

export = (): ReturnType<typeof deploy> =>
  deploy().catch((error: unknown) => {
    throw forPulumi(error);
  });
