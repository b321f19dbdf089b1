import { type ClusterSettings, readCluster } from "./cluster";
import { type DatabaseSettings, readDatabase } from "./database";
import { type ExposureSettings, readExposure } from "./exposure";
import { type ImageSettings, readImage } from "./image";
import type { ConfigReader } from "./reader";
import { readWeb, type WebSettings } from "./web";

/** The stack's config, typed and checked, by groups of keys. Defaults are in Pulumi.yaml, beside each key's description. */
export interface Settings {
  cluster: ClusterSettings;
  image: ImageSettings;
  web: WebSettings;
  exposure: ExposureSettings;
  database: DatabaseSettings;
}

/** Reads and checks every config key; the only reader of `pulumi.Config`. Throws a `Problem` for the first bad value. */
export function loadSettings(config: ConfigReader): Settings {
  return {
    cluster: readCluster(config),
    image: readImage(config),
    web: readWeb(config),
    exposure: readExposure(config),
    database: readDatabase(config),
  };
}
