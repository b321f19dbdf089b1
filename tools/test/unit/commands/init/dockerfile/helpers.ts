import type { DependencyFindings, Found, SettingsFindings } from "../../../../../commands/init/findings";

export const found = <T>(value: T): Found<T> => ({ value, where: "shop/settings.py" });

/** What startproject's settings say, with changes. */
export const settings = (changes: Partial<SettingsFindings> = {}): SettingsFindings => ({
  manageFolder: ".",
  settingsModule: found("shop.settings"),
  productionModule: undefined,
  moduleWithoutKey: undefined,
  inspectedModule: "shop.settings",
  wsgi: found("shop.wsgi:application"),
  asgi: found("shop.asgi:application"),
  needsAsgi: undefined,
  variables: [],
  debugVariable: undefined,
  debugValues: undefined,
  allowedHosts: undefined,
  csrfTrustedOrigins: undefined,
  database: undefined,
  databaseEngine: undefined,
  databaseIsConfigurable: false,
  databaseVariables: {},
  celeryApp: undefined,
  celeryBeat: undefined,
  needsDatabaseScheduler: false,
  redis: undefined,
  redisVariables: [],
  fixedServers: [],
  otherBroker: undefined,
  queues: [],
  cronJobs: [],
  fixedFiles: [],
  sslRedirect: undefined,
  fixedHosts: undefined,
  usesGeoDjango: undefined,
  staticRoot: undefined,
  servesStaticFiles: undefined,
  mediaRoot: undefined,
  mediaVariable: undefined,
  fileField: undefined,
  keepsFilesElsewhere: false,
  installedApps: [],
  unreadable: [],
  ...changes,
});

/** A requirements.txt with packages, and changes of that. */
export const dependencies = (
  packages: readonly string[],
  changes: Partial<DependencyFindings> = {},
): DependencyFindings => ({
  tool: found("pip"),
  files: ["requirements.txt"],
  packages: new Map(packages.map((name) => [name, undefined])),
  needsSources: false,
  needsGit: false,
  groups: [],
  extras: [],
  member: undefined,
  indexVariables: [],
  python: undefined,
  ...changes,
});
