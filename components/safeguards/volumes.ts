import { volumeOwner } from "../config/database";
import type { Settings } from "../config/settings";

/** A volume that config asks for. */
export interface AskedVolume {
  name: string;
  /** Config key of its size. */
  sizeKey: string;
  /** A Kubernetes quantity. */
  size: string;
}

/** Why config asks no more for a volume. */
export interface Unasked {
  key: string;
  /** What the key is, after its name. */
  state: string;
  /** The command that asks for it again. */
  back: string;
}

/** A kind of volume that an app may have. */
interface VolumeKind {
  /** Config key of its size. */
  sizeKey: string;
  /** The size that config asks for; undefined where it asks for no such volume. */
  size: (settings: Settings) => string | undefined;
  /**
   * Why it asks for none.
   *
   * @param size of the volume that is there; undefined where nobody knows
   */
  unasked: (settings: Settings, size: string | undefined) => Unasked;
}

/** The kinds by the end of the volume's name. */
const kinds: Record<string, VolumeKind> = {
  database: databaseKind("database"),
  sqlite: databaseKind("sqlite"),
  redis: {
    sizeKey: "redisStorage",
    size: ({ redis }) => (redis.redis === "namespace" ? redis.redisStorage : undefined),
    unasked: ({ redis: { redis } }, size = "1Gi") =>
      redis === "namespace"
        ? { key: "redisStorage", state: "is not set", back: `pulumi config set redisStorage ${size}` }
        : {
            key: "redis",
            state: redis === "url" ? "is a URL" : `is "${redis}"`,
            back: "pulumi config set redis namespace",
          },
  },
  media: {
    sizeKey: "media.size",
    size: ({ uploads }) => uploads.media?.size,
    unasked: (_, size = "1Gi") => ({
      key: "media",
      state: "is not set",
      back: `pulumi config set --path media.size ${size}`,
    }),
  },
  backup: {
    sizeKey: "backup.size",
    size: ({ backups: { backup } }) => (backup?.to === "volume" ? backup.size : undefined),
    unasked: ({ backups: { backup } }) =>
      backup === undefined
        ? { key: "backup", state: "is not set", back: "pulumi config set --path backup.to volume" }
        : { key: "backup.to", state: "is S3-compatible storage", back: "pulumi config set --path backup.to volume" },
  },
};

function databaseKind(owner: "database" | "sqlite"): VolumeKind {
  const engine = owner === "sqlite" ? "sqlite" : "postgres";
  return {
    sizeKey: "databaseStorage",
    size: ({ database }) => (volumeOwner(database) === owner ? database.databaseStorage : undefined),
    unasked: ({ database }, size = "1Gi") => {
      if (database.database !== engine) {
        return { key: "database", state: `is "${database.database}"`, back: `pulumi config set database ${engine}` };
      }
      return database.databaseUrl === undefined
        ? { key: "databaseStorage", state: "is not set", back: `pulumi config set databaseStorage ${size}` }
        : { key: "databaseUrl", state: "is set", back: "pulumi config rm databaseUrl" };
    },
  };
}

const nameOf = (app: string, kind: string): string => `${app}-${kind}`;

/** The volumes that config asks for. */
export function askedVolumes(settings: Settings): AskedVolume[] {
  return Object.entries(kinds).flatMap(([kind, { size, sizeKey }]) => {
    const asked = size(settings);
    return asked === undefined ? [] : [{ name: nameOf(settings.name, kind), sizeKey, size: asked }];
  });
}

/** Why config asks no more for a volume; undefined where it does, or is not what decides on it. */
export function whyUnasked(
  settings: Settings,
  { name, size }: { name: string; size: string | undefined },
): Unasked | undefined {
  const [, kind] = Object.entries(kinds).find(([each]) => nameOf(settings.name, each) === name) ?? [];
  return kind?.size(settings) === undefined ? kind?.unasked(settings, size) : undefined;
}

/** Whether an app's config decides on a volume: another app of the stack may have one, too. */
export function isOfApp(app: string, { name }: { name: string }): boolean {
  return Object.keys(kinds).some((kind) => nameOf(app, kind) === name);
}
