import type { Found } from "./found";
import type { CeleryFindings } from "./settings/look/celery";
import type { CronJob } from "./settings/look/crontab";
import type { MediaFindings } from "./settings/look/media";
import type { RedisFindings } from "./settings/look/redis";
import type { RequestFindings } from "./settings/look/requests";

export type { Found };

/** What `npm run init` finds in a Django project, by the files that say it. */

/** A variable that the settings read. */
export interface Variable {
  name: string;
  where: string;
  /** Whether the settings have a value without it; `os.environ.get("X")` alone has none. */
  hasDefault: boolean;
  /** Whether the settings cannot be loaded without it. */
  isRequired: boolean;
  /** That value, where it is written as a text, a number or a boolean; undefined otherwise. */
  defaultText: string | undefined;
  /** Whether its value is not for everybody, by its name. */
  isSecret: boolean;
}

/** Parts of the default database that variables may give. */
export type DatabasePart = "url" | "engine" | "host" | "port" | "name" | "user" | "password";

/** A database beside the default one. */
export interface OtherDatabase {
  /** Its name in DATABASES. */
  alias: string;
  /** Variables that its parts are read from. */
  variables: Partial<Record<DatabasePart, string>>;
}

/** What has connections to Postgres encrypted. */
export interface DatabaseSsl {
  /** Variable that decides it, and what leaves it to the server; undefined where none does. */
  variable: { name: string; off: string } | undefined;
  /** Whether it is so only with debug off. */
  isWithoutDebug: boolean;
}

/** Variable that a list is read from. */
export interface ListVariable {
  variable: string;
  /** What separates the entries, or `json` for a list in JSON; undefined where the whole value is one entry. */
  separator: "," | " " | "json" | undefined;
}

/** What manage.py and the settings modules say. */
export interface SettingsFindings extends CeleryFindings, RedisFindings, MediaFindings, RequestFindings {
  /** Folder of manage.py, relative to the project: `.`, `src`. */
  manageFolder: string;
  /** What manage.py sets DJANGO_SETTINGS_MODULE to: `shop.settings`. */
  settingsModule: Found<string> | undefined;
  /** What manage.py names instead where that is not there, "" where it chooses in a way that is not known. */
  unknownModule: Found<string> | undefined;
  /** Of several settings modules the one for servers, such as `shop.settings.production`. */
  productionModule: Found<string> | undefined;
  /** Variables that SECRET_KEY is made of. */
  keyVariables: string[];
  /** The one that is SECRET_KEY as it is. */
  keyVariable: string | undefined;
  /** One that is not taken, since it has no SECRET_KEY: it relies on a file that is on servers alone. */
  moduleWithoutKey: Found<string> | undefined;
  /** The module that everything below is about: the production module, else the settings module. */
  inspectedModule: string | undefined;
  /** Whether manage.py, wsgi.py and asgi.py all name settings; else a variable has to. */
  namesSettings: boolean;
  /** `shop.wsgi:application`; undefined where there is none. */
  wsgi: Found<string> | undefined;
  /** `shop.asgi:application`; undefined where there is none. */
  asgi: Found<string> | undefined;
  /** Whether the project needs ASGI: channels, websockets, an ASGI_APPLICATION without a WSGI_APPLICATION. */
  needsAsgi: Found<true> | undefined;
  variables: Variable[];
  /** Variable that decides whether DEBUG is on, such as `DEBUG`, `DJANGO_DEBUG`; undefined where none does. */
  debugVariable: Found<string> | undefined;
  /** What that variable has to be with debug on and off, as the key `debugValues` takes it: `True,False`, `1,`. */
  debugValues: Found<string> | undefined;
  /** Variable that ALLOWED_HOSTS is read from, and what separates its entries. */
  allowedHosts: Found<ListVariable> | undefined;
  csrfTrustedOrigins: Found<ListVariable> | undefined;
  /** Engine of the default database, where the settings name one or what the variable's default names. */
  database: Found<"sqlite" | "postgres" | "mysql" | "other"> | undefined;
  /** The default database's ENGINE, such as `django.db.backends.postgresql`. */
  databaseEngine: string | undefined;
  /** What the settings put before the variable of its engine, such as `django.db.backends.`; "" for nothing. */
  enginePath: string;
  /** The kind of database with debug on, where a variable decides debug. */
  databaseInDebug: SettingsFindings["database"];
  /** Whether variables can make the default database that of `database: postgres`. */
  databaseIsConfigurable: boolean;
  /** Whether the text of the settings says where it is, as far as that is known. */
  databaseIsWritten: boolean;
  /** Variables that its parts are read from once they make it Postgres, such as `{ host: "SQL_HOST" }`. */
  databaseVariables: Partial<Record<DatabasePart, string>>;
  /** What has connections to it encrypted, once it is Postgres. */
  databaseSsl: Found<DatabaseSsl> | undefined;
  /** Whether they compare the variable of its engine with a text for Postgres. */
  knowsPostgres: boolean;
  /** The default database's file, where it is SQLite: a path below `projectRoot`, or another one. */
  sqliteFile: Found<string> | undefined;
  /** Those beside it that variables can make the same Postgres. */
  otherDatabases: Found<OtherDatabase>[];
  /** Names of django-rq's queues. */
  queues: string[];
  /** Jobs of django-crontab. */
  cronJobs: Found<CronJob>[];
  /** Files outside the project that the settings read, by paths that no variable names. */
  fixedFiles: Found<string>[];
  /** Packages whose versions the settings read, which have to be installed. */
  versionsRead: Found<string>[];
  /** Modules of the project that the settings import and that are not there, such as one that git ignores. */
  absentModules: Found<string>[];
  /** Whether GeoDjango is used. */
  usesGeoDjango: Found<true> | undefined;
  staticRoot: Found<true> | undefined;
  /** Whether WhiteNoise or another way serves static files with debug off. */
  servesStaticFiles: Found<true> | undefined;
  /** Where the URLs have static files only while debug is on. */
  servesStaticFilesInDebug: Found<true> | undefined;
  /** What makes `collectstatic` upload, such as to a bucket: no image can be built with it. */
  staticFilesElsewhere: Found<true> | undefined;
  installedApps: string[];
  /** Whether apps are imported from `src`, where manage.py is not: an installation of the project leads there. */
  importsFromSrc: boolean;
  /** Files that could not be read, relative to the project, with the line of a statement that has errors. */
  unreadable: string[];
}

/** The tool that installs a project's dependencies. */
export type DependencyTool = "pip" | "pip-tools" | "uv" | "poetry" | "pdm" | "pipenv";

/** What lock files, requirements and pyproject.toml say. */
export interface DependencyFindings {
  tool: Found<DependencyTool> | undefined;
  /** Files that an installation reads, relative to the project: first the one that it is started with. */
  files: string[];
  /**
   * Names of the packages of a deployment, normalized as PyPI does, with their versions where a lock file has one. An
   * extra that stands for a package counts as one: `psycopg[binary]` is also `psycopg-binary`.
   */
  packages: Map<string, string | undefined>;
  /** Those that the project names itself; undefined where a file has them together with what they need. */
  direct: ReadonlySet<string> | undefined;
  /** Whether a dependency is a folder of the project, or the project itself: then an installation reads the sources. */
  needsSources: boolean;
  /** Whether a dependency is cloned from a git repository. */
  needsGit: boolean;
  /** Groups of dependencies that are for servers and would not be installed by default, such as `production`. */
  groups: string[];
  /** The project's own extras that are for servers, by the same names, or that have Django. */
  extras: string[];
  /** Package of a workspace that is the project; undefined for the workspace's own. */
  member: string | undefined;
  /** Variables in the URLs of indexes or repositories, such as a token, with the file. */
  indexVariables: Found<string>[];
  /** Such as `3.12`; undefined where nothing says it. */
  python: Found<string> | undefined;
}

/** A service of a compose file, or a process of a hosting platform. */
export interface ProcessFinding {
  name: string;
  command: string | undefined;
  where: string;
}

/** One that runs beside the web process. */
export interface OtherProcess extends ProcessFinding {
  /** What its image is built by, where that is not the web process's. */
  image: { dockerfile: string; target: string | undefined } | undefined;
  /** Whether its command takes the place of the image's ENTRYPOINT, too. */
  replacesEntrypoint: boolean;
  /** Its variables; those of a hosting platform's are the web process's. */
  environment: Map<string, Found<string>>;
  /** Ports inside the container. */
  ports: Found<number>[];
  replicas: number | undefined;
  /** Time that it is given to end, in seconds. */
  graceSeconds: number | undefined;
  /** Whether it is not started again once it has ended well. */
  endsByItself: boolean;
  healthcheck: Found<string> | undefined;
}

/** A server that a compose file runs from an image that is not the project's. */
export interface ServiceFinding extends Found<string> {
  /** Name of the service, by which the others reach it. */
  name: string;
  /** Whether it has a volume with a name. */
  isKept: boolean;
}

/** What a cron daemon of a compose file runs, or a hosting platform at times. */
export interface ScheduleFinding {
  name: string;
  schedule: string;
  command: string;
  where: string;
}

/** What compose files and the files of hosting platforms say. */
export interface ProcessFindings {
  web: ProcessFinding | undefined;
  /** Workers, beat and the like: everything that runs the project's image and is not `web`. */
  others: OtherProcess[];
  /** What Ofelia runs, by labels of the services, and what a hosting platform does. */
  schedules: ScheduleFinding[];
  /** A hosting platform's `release`, or a compose service that migrates and ends. */
  release: ProcessFinding | undefined;
  /** Dockerfile that the web service builds, relative to the project. */
  dockerfile: Found<string> | undefined;
  buildTarget: Found<string> | undefined;
  buildArgs: Found<Record<string, string>> | undefined;
  /** Ids of the secrets that the build mounts. */
  buildSecrets: Found<string[]> | undefined;
  /** Build arguments that are left out, as their values are secrets. */
  secretBuildArgs: Found<string[]> | undefined;
  /** Port inside the container. */
  port: Found<number> | undefined;
  /** Variables of the web service, with those of its env_file. */
  environment: Map<string, Found<string>>;
  /** What examples of its env_file say, where that is not there. */
  exampleEnvironment: Map<string, Found<string>>;
  /** Files of variables that services have, where the web service has one; relative to the project. */
  environmentFiles: string[];
  /** Images of other services, such as `postgres`, `redis`, `valkey`, `rabbitmq`; what one is built from, without an image. */
  services: ServiceFinding[];
  /** Folders of the web service's container that are volumes with a name. */
  volumes: Found<string>[];
  /** Folders and files there that are this machine's, without what has the project itself. */
  mounts: Found<string>[];
  /** Folder that the web service has as a volume, and with it the project: `.`, or that of manage.py. */
  mountsProject: (Found<string> & { target: string | undefined }) | undefined;
  /** Command line of the web service's health check, or the URL that is asked. */
  healthcheck: Found<string> | undefined;
  /** Compose files that are no YAML with services, and files of hosting platforms that cannot be read. */
  unreadable: string[];
}
