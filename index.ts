import * as pulumi from "@pulumi/pulumi";

import { appArgs } from "./components/app/appArgs";
import { DjangoApp } from "./components/app/djangoApp";
import { appName } from "./components/app/objectMeta";
import { loadSettings } from "./components/config/settings";
import { projectFolder, refuseMissingDockerfile } from "./components/image/buildContext";
import { DjangoImage, imageArgs } from "./components/image/djangoImage";
import { readProject } from "./components/image/project";
import { forPulumi } from "./components/runError";
import { readPriorState } from "./components/safeguards/ownState";
import { builderNote } from "./components/targets/builder";
import { declareProviders } from "./components/targets/providers";
import { resolveTarget } from "./components/targets/resolveTarget";

/** Takes a Django project to a page: config, cluster, image, app, URL. */
async function deploy(): Promise<Record<string, pulumi.Output<unknown>>> {
  const settings = loadSettings(new pulumi.Config());
  refuseMissingDockerfile(projectFolder);
  const target = await resolveTarget(settings, readPriorState);
  const note = builderNote(settings.image.builder, target.builder, target.daemon);
  if (note !== undefined) {
    await pulumi.log.info(note);
  }
  const providers = declareProviders(target);

  const project = readProject(projectFolder, { ...settings.image, builder: target.builder });
  const image = new DjangoImage(appName, imageArgs(settings.image, target, project), { providers: providers.image });
  const app = new DjangoApp(appName, appArgs(settings, target, project, image), { providers: providers.cluster });

  const { url, openCommand, nodePort, namespace, deployment, service } = app;
  // Pulumi warns of an output that is undefined.
  const ways = { ...(url && { url }), ...(openCommand && { openCommand }), ...(nodePort && { nodePort }) };
  return { ...ways, image: image.reference, namespace, deployment, service };
}

export = (): ReturnType<typeof deploy> =>
  deploy().catch((error: unknown) => {
    throw forPulumi(error);
  });
