import type { Found, SettingsFindings } from "../findings";
import { isFromProject } from "./libraries/paths";
import { findApplication, type Application } from "./look/applications";
import { findCelery, findCeleryApplication } from "./look/celery";
import { findCronJobs } from "./look/crontab";
import { findDatabase, findDatabaseInDebug, findOtherDatabases, findSqliteFile } from "./look/database";
import { findDatabaseSsl } from "./look/databaseSsl";
import { findDebug } from "./look/debug";
import { evaluateSettings, type Evaluate, type Evaluation } from "./look/evaluation";
import { findList } from "./look/lists";
import { findMedia } from "./look/media";
import { findRedis } from "./look/redis";
import { findServing } from "./look/serving";
import { findRequests } from "./look/requests";
import { findProductionModule, findSettingsModule } from "./look/settingsModules";
import { findVariables } from "./look/variables";
import { findManageFolder } from "./project/manageFile";
import { plainText } from "./interpreter/values";
import { ModuleFiles } from "./project/modules";

/** What is known of a project before its settings are read. */
export interface KnownOfSettings {
  /** The module to inspect. @default the production module of split settings, else what manage.py names */
  settingsModule?: string | undefined;
  /** Folder of manage.py, relative to the project. @default what is found */
  manageFolder?: string;
  /** Values that files of the project give to variables. @default none */
  written?: Readonly<Record<string, string>>;
  /** As for `ModuleFiles`. @default none */
  made?: ReadonlyMap<string, string> | undefined;
  /** Texts that the scripts of an image compare variables with. @default none */
  inScripts?: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Reads manage.py, the settings, wsgi.py and asgi.py of a Django project. Nothing of it is run.
 *
 * @param folder the project
 * @throws Problem where no manage.py is found, and where several are
 */
export function inspectSettings(folder: string, known: KnownOfSettings = {}): SettingsFindings {
  const { settingsModule, manageFolder = findManageFolder(folder), written = {}, made } = known;
  const { inScripts = new Map<string, ReadonlySet<string>>() } = known;
  const modules = new ModuleFiles(folder, manageFolder, made);
  const manage = findSettingsModule(modules, manageFolder);
  const settings = manage.settingsModule;
  const served = (["wsgi", "asgi"] as const).map((kind) => findApplication(kind, modules, settings?.value, undefined));
  const named = served.map(settingsOf);
  const production = settings && findProductionModule(modules, settings.value, named);
  const configuration = written["DJANGO_CONFIGURATION"] ?? manage.configuration;
  const chosen = Object.fromEntries(Object.entries(written).filter(([name]) => choosing.test(name)));
  const hasKey = (module: string | undefined) =>
    evaluateSettings(modules, module ?? "", configuration, chosen, true).setting("SECRET_KEY") !== undefined;
  const isByName = production !== undefined && !named.some((each) => each?.value === production.value);
  const isWithoutKey = isByName && !hasKey(production.value) && hasKey(settings?.value);
  const productionModule = isWithoutKey ? undefined : production;
  const inspectedModule = settingsModule ?? productionModule?.value ?? settings?.value;
  const evaluate = remembered((environment, explores = false) =>
    evaluateSettings(modules, inspectedModule ?? "", configuration, { ...chosen, ...environment }, explores),
  );

  const debug = findDebug(evaluate, inScripts);
  const withDebug = withVariable(evaluate, debug.debugVariable?.value, debug.debugValues?.value.split(","));
  const [off, ...others] = [withDebug.off({}, true), ...withDebug.others];
  const [wsgi, asgi] = (["wsgi", "asgi"] as const).map((kind) => findApplication(kind, modules, inspectedModule, off));
  const serving = findServing(off, modules, wsgi, asgi);
  const celery = findCeleryApplication(modules, inspectedModule);
  const all = (environment: Readonly<Record<string, string>>, explores = false): Evaluation[] => [
    withDebug.off(environment, explores),
    ...(celery === undefined ? [] : [celery.evaluate(environment, explores)]),
  ];
  return {
    manageFolder,
    settingsModule: settings,
    unknownModule: manage.unknownModule,
    productionModule,
    keyVariables: [...(off.setting("SECRET_KEY")?.from ?? [])],
    keyVariable: keyVariableOf(off, withDebug.off),
    moduleWithoutKey: isWithoutKey && settingsModule === undefined ? production : undefined,
    inspectedModule,
    namesSettings: manage.namesSettings && served.every((each) => each?.namesSettings !== false),
    wsgi: wsgi?.found,
    asgi: asgi?.found,
    ...serving,
    ...findCelery(celery, off, serving.installedApps),
    ...findRedis(all, all({}, true), written),
    ...findMedia(off, withDebug.off(written, true), modules, serving.installedApps),
    ...findRequests(withDebug.off, others, withDebug.given(written)),
    variables: findVariables([...all({}, true), ...others], debug.debugVariable?.value),
    ...debug,
    allowedHosts: findList(withDebug.off, "ALLOWED_HOSTS", ["a.example", "b.example"]),
    csrfTrustedOrigins: findList(withDebug.off, "CSRF_TRUSTED_ORIGINS", ["https://a.example", "https://b.example"]),
    ...findDatabase(withDebug.off, off),
    databaseInDebug:
      debug.debugVariable === undefined
        ? undefined
        : findDatabaseInDebug((environment) => withDebug.given({ ...written, ...environment }).on),
    sqliteFile: findSqliteFile(withDebug.off(written, true)),
    databaseSsl: findDatabaseSsl(
      withDebug.off,
      debug.debugVariable === undefined ? undefined : (environment) => withDebug.given(environment).on,
      written,
    ),
    otherDatabases: findOtherDatabases(withDebug.off, off),
    queues: queuesOf(off),
    cronJobs: findCronJobs(off),
    fixedFiles: fixedFilesOf(off),
    versionsRead: [...off.record.versions].map(([value, where]) => ({ value, where })),
    absentModules: [...off.record.missed].map(([value, where]) => ({ value, where })),
    unreadable: [...modules.unreadable],
  };
}

/** Variables by which settings choose between others: what a file of the project says of one is what will run. */
const choosing = /(^|_)((ENV|ENVIRONMENT)(_(NAME|TYPE|KIND|CONFIG))?|MODE|STAGE|TIER|PROFILE)$/;

/** The same evaluation is asked for by several questions. */
function remembered(evaluate: Evaluate): Evaluate {
  const known = new Map<string, Evaluation>();
  return (environment, explores = false) => {
    const key = JSON.stringify([Object.entries(environment).sort(), explores]);
    const evaluation = known.get(key) ?? evaluate(environment, explores);
    known.set(key, evaluation);
    return evaluation;
  };
}

/** Evaluations with debug off, the others that tell what is read, and those of either with some values. */
function withVariable(evaluate: Evaluate, variable: string | undefined, debugValues: readonly string[] = []) {
  const [on = "", off = ""] = debugValues;
  if (variable === undefined) {
    return {
      off: evaluate,
      others: [],
      given: (values: Readonly<Record<string, string>>) => ({ off: evaluate(values), on: evaluate(values) }),
    };
  }
  return {
    off: (environment: Readonly<Record<string, string>>, explores?: boolean) =>
      evaluate({ [variable]: off, ...environment }, explores),
    others: [evaluate({ [variable]: on }, true)],
    given: (values: Readonly<Record<string, string>>) => ({
      off: evaluate({ ...values, [variable]: off }),
      on: evaluate({ ...values, [variable]: on }),
    }),
  };
}

/** The variable whose value is the key, unchanged. */
function keyVariableOf(plain: Evaluation, evaluate: Evaluate): string | undefined {
  const mark = "key-of-the-stack";
  const names = [...(plain.setting("SECRET_KEY")?.from ?? [])].filter((name) => !name.endsWith("_FILE"));
  return names.find((name) => plainText(evaluate({ [name]: mark }).setting("SECRET_KEY")) === mark);
}

function settingsOf(application: Application | undefined): Found<string> | undefined {
  return application?.settingsModule === undefined
    ? undefined
    : { value: application.settingsModule, where: application.found.where };
}

function queuesOf(evaluation: Evaluation): string[] {
  const queues = evaluation.setting("RQ_QUEUES");
  return queues?.kind === "dict" ? [...queues.entries.keys()] : [];
}

function fixedFilesOf({ record }: Evaluation): Found<string>[] {
  return [...record.opened]
    .filter(([place]) => place.startsWith("/") && !isFromProject(place) && !/^\/(proc|sys|dev|tmp)\//.test(place))
    .map(([value, where]) => ({ value, where }));
}
