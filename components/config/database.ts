import { Problem } from "../problem";
import { flag, oneOf, wholeNumber } from "./checks";
import { bytes } from "./quantity";
import { type ConfigReader, optional, required, secret } from "./reader";

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
    /** Major version of the server in the namespace, or of the clients of one that exists. */
    postgresVersion: required(config, "postgresVersion", wholeNumber({ from: 13, to: 18, example: 17 })),
    /** Size of the volume that keeps the data, a Kubernetes quantity; undefined for none. */
    databaseStorage:
      optional(config, "databaseStorage", bytes(usualSize)) ?? (database === "postgres" ? usualSize : undefined),
    /** Whether that volume is kept from being deleted. */
    protectData: required(config, "protectData", flag),
  };
}

/** Of a server in the namespace. */
const usualSize = "1Gi";

/** What keeps its data in a volume of the namespace, as the volume's name ends; undefined for nothing. */
export type VolumeOwner = "database" | "sqlite";

export function volumeOwner({
  database,
  databaseUrl,
  databaseStorage,
}: {
  database: DatabaseName;
  databaseUrl: unknown;
  databaseStorage: string | undefined;
}): VolumeOwner | undefined {
  if (database === "postgres") {
    return databaseUrl === undefined ? "database" : undefined;
  }
  return databaseStorage === undefined ? undefined : "sqlite";
}

export type DatabaseSettings = ReturnType<typeof readDatabase>;
