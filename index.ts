import * as pulumi from "@pulumi/pulumi";

import { readBuildContext } from "./components/buildContext";
import { DjangoApp } from "./components/djangoApp";
import { DjangoImage } from "./components/djangoImage";
import { declareProviders } from "./components/providers";
import { loadSettings } from "./components/settings";
import { resolveTarget } from "./components/target";

const name = "kubernetes-django";
const folder = "app";

export = async (): Promise<Record<string, pulumi.Output<unknown>>> => {
  const settings = loadSettings(new pulumi.Config());
  const { hash, healthPaths } = readBuildContext(folder, settings);
  const target = await resolveTarget(settings);
  const providers = declareProviders(settings.builder, target);

  const image = new DjangoImage(
    name,
    {
      folder,
      reference: `${settings.imageRepository}:${hash}`,
      builder: settings.builder,
      platform: settings.platform ?? target.daemon.platform,
      buildArgs: settings.buildArgs,
      daemonId: target.daemon.id,
      ...(target.loadInto === undefined ? {} : { loadInto: target.loadInto }),
    },
    { providers: providers.image },
  );
  const { url, openCommand, nodePort, namespace, deployment, service } = new DjangoApp(
    name,
    { ...settings, ...target, image: image.reference, deployAfter: [image], healthPaths },
    { providers: providers.cluster },
  );
  const ways = {
    ...(target.urlHost === undefined ? {} : { url }),
    ...(target.openCommand === undefined ? {} : { openCommand }),
  };
  return { ...ways, nodePort, image: image.reference, namespace, deployment, service };
};
