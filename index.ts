import * as pulumi from "@pulumi/pulumi";

import { appArgs } from "./components/app/appArgs";
import { DjangoApp } from "./components/app/djangoApp";
import { outputsOf } from "./components/app/outputs";
import { loadSettings } from "./components/config/settings";
import { DjangoImage, imageArgs } from "./components/image/djangoImage";
import { type PreparedApp, prepareApp } from "./components/prepareApp";
import { forPulumi } from "./components/runError";
import { declareProviders, type Providers } from "./components/targets/providers";

/** Takes a Django project to a page: config, cluster, image, app, URL. */
async function deploy(): Promise<Record<string, unknown>> {
  const settings = loadSettings(new pulumi.Config());
  const app = await prepareApp(settings);
  const providers = declareProviders(app.target);

  return outputsOf(...declare(app, providers));
}

/** Builds an app's image and runs it. */
function declare({ settings, target, project }: PreparedApp, providers: Providers): [DjangoApp, DjangoImage] {
  const { name } = settings;
  const image = new DjangoImage(name, imageArgs(settings.image, target, project), { providers: providers.image });
  const app = new DjangoApp(name, appArgs(settings, target, project, image), { providers: providers.cluster });
  return [app, image];
}

export = (): ReturnType<typeof deploy> =>
  deploy().catch((error: unknown) => {
    throw forPulumi(error);
  });
