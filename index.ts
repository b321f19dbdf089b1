import * as pulumi from "@pulumi/pulumi";

import { projectFolder, readBuildContext, refuseMissingDockerfile } from "./components/image/buildContext";
import { DjangoApp } from "./components/app/djangoApp";
import { DjangoImage } from "./components/image/djangoImage";
import { readHealthPaths } from "./components/app/healthPaths";
import { declareProviders } from "./components/targets/providers";
import { resolveTarget } from "./components/targets/resolveTarget";
import { forPulumi } from "./components/runError";
import { loadSettings } from "./components/config/settings";

const name = "kubernetes-django";

type Outputs = Record<string, pulumi.Output<unknown>>;

/** @param leaveToRead settles when the sources may be read; by default they may at once */
export = async (leaveToRead = Promise.resolve()): Promise<Outputs> => {
  try {
    return await declare(leaveToRead);
  } catch (error) {
    throw forPulumi(error);
  }
};

async function declare(leaveToRead: Promise<void>): Promise<Outputs> {
  const settings = loadSettings(new pulumi.Config());
  refuseMissingDockerfile(projectFolder);
  const target = await resolveTarget(settings);
  const providers = declareProviders(settings.builder, target);

  await leaveToRead;
  const { hash: imageTag } = readBuildContext(projectFolder, settings);
  const healthPaths = readHealthPaths(projectFolder);
  const { platforms, store } = target;
  const image = new DjangoImage(
    name,
    { ...settings, folder: projectFolder, name: `${settings.imageRepository}:${imageTag}`, platforms, store },
    { providers: providers.image },
  );
  const app = new DjangoApp(
    name,
    { ...settings, ...target, image: image.reference, imageTag, deployAfter: [image], healthPaths },
    { providers: providers.cluster },
  );
  const { url, openCommand, nodePort, namespace, deployment, service } = app;
  const ways = { ...(url && { url }), ...(openCommand && { openCommand }), ...(nodePort && { nodePort }) };
  return { ...ways, image: image.reference, namespace, deployment, service };
}
