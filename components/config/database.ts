import { Problem } from "../problem";
import { flag, oneOf } from "./checks";
import { bytes } from "./quantity";
import { type ConfigReader, required, secret } from "./reader";

export const databases = ["sqlite", "postgres"] as const;
export type DatabaseName = (typeof databases)[number];

/** Where the data is. */
export function readDatabase(config: ConfigReader) {
  const database = required(config, "database", oneOf(databases));
  const databaseUrl = secret(config, "databaseUrl", "databaseUrl postgres://USER:PASSWORD@HOST/NAME");
  if (database === "sqlite" && databaseUrl !== undefined) {
    throw new Problem(
      'Config key "databaseUrl" is set, and "database" is "sqlite", which is a file in the pod',
      "run `pulumi config set database postgres`, or `pulumi config rm databaseUrl`",
    );
  }
  return {
    database,
    /** URL of an existing Postgres; undefined for one in the namespace. */
    databaseUrl,
    /** Size of the volume of the Postgres in the namespace, a Kubernetes quantity. */
    databaseStorage: required(config, "databaseStorage", bytes("1Gi")),
    /** Whether that volume is kept from being deleted. */
    protectData: required(config, "protectData", flag),
  };
}

export type DatabaseSettings = ReturnType<typeof readDatabase>;
