import type { TargetName } from "../../../../components/config/cluster";
import { appKey } from "../../../app/appWords";
import type { DependencyFindings, Found, ProcessFindings, SettingsFindings } from "../findings";
import type { ImageFacts } from "../image/imageFacts";
import type { Start } from "../image/start";
import type { EnvFindings } from "../variables/envFiles";

/** Everything that was found about a project. */
export interface Findings {
  settings: SettingsFindings;
  dependencies: DependencyFindings;
  processes: ProcessFindings;
  env: EnvFindings;
  /** Undefined where the project has no Dockerfile: one is written. */
  image: ImageFacts | undefined;
  /** What compose has as a volume where the image has nothing of the project. */
  mountedAlone: ProcessFindings["mountsProject"];
  /** Whether nothing brings the project into the image, as far as its Dockerfile says. */
  isWithoutProject: boolean;
  /** The package.json whose `npm run build` makes files for browsers. */
  browserBuild: string | undefined;
  /** What a container of the image does, without and with the command that compose or a hosting platform names. */
  start: Starts;
  /** The same of the processes beside it, by their names. */
  startOf: ReadonlyMap<string, Start>;
  /** The settings module that the image or compose names, which may be one that only the image has. */
  namedSettings: Found<string> | undefined;
  /** The one that the web process's command line names. */
  commandSettings: Found<string> | undefined;
}

export interface Starts {
  entrypoint: Start | undefined;
  image: Start | undefined;
  process: Start | undefined;
}

/** What of a stack decides: its other keys are compared once there is a decision. */
export interface StackFacts {
  target: TargetName;
  debug: boolean;
  has: (key: string) => boolean;
}

/** Size of a volume that nobody gave one. */
export const usualSize = "1Gi";

/** Whether a Postgres in the stack's namespace is the one, which no connection to is encrypted. */
export const runsPostgres = ({ target, has }: StackFacts): boolean => target !== "cluster" && !has("databaseUrl");

/** A key of a stack's config, or an entry of a map such as `env.EMAIL_HOST` or `processes.worker.replicas`. */
export interface Setting {
  key: string;
  /** Name in a map. */
  name?: string;
  /** Field of an entry of a map. */
  field?: string;
  value: string;
  where: string;
}

/** A setting as it is named: `port`, `env.EMAIL_HOST`. */
export const nameOf = ({ key, name, field }: Pick<Setting, "key" | "name" | "field">): string =>
  [key, name, field].filter((part) => part !== undefined).join(".");

/** A key, or an entry of a map, whose value could not be known. */
export interface Missing {
  key: string;
  name?: string;
  where: string;
  /** What stands for the value in the command that sets it. */
  value: string;
  isSecret: boolean;
}

/** A variable without a value. */
export function missingVariable(name: string, where: string, isSecret: boolean): Missing {
  return { key: isSecret ? "secretEnv" : "env", name, where, value: "VALUE", isSecret };
}

/** The command that sets it for an app, such as `pulumi config set --path env.NAME VALUE`. */
export function commandOf({ key, name, value, isSecret }: Missing, app: string): string {
  const ownKey = appKey(app, key);
  const path = name === undefined ? ownKey : `--path ${ownKey}.${name}`;
  // Without a type, a number would become one.
  const flags = isSecret ? "--secret " : name === undefined ? "" : "--type string ";
  return `pulumi config set ${flags}${path} ${value}`;
}

/** What a stack's config has to say for a project. */
export interface Decision {
  settings: Setting[];
  /** Variables that are encrypted: entries of `secretEnv`. */
  secrets: Setting[];
  missing: Missing[];
  /** One line each. */
  notes: string[];
}

export const emptyDecision = (): Decision => ({ settings: [], secrets: [], missing: [], notes: [] });

/** The variables that compose gives the web process. */
export const ofWebProcess = ({ environment }: ProcessFindings): { name: string; value: string; where: string }[] =>
  [...environment].map(([name, { value, where }]) => ({ name, value, where }));

/** Whether a project stays on a MySQL of its own, and does not get the stack's Postgres. */
export const staysOnMysql = ({ settings }: Findings, database: "sqlite" | "postgres"): boolean =>
  settings.database?.value === "mysql" && database !== "postgres";
