import type { Found, SettingsFindings } from "../../findings";
import { plainText, truth, type Value } from "../interpreter/values";
import type { ModuleFiles } from "../project/modules";
import { mentions } from "../python/mentions";
import type { Application } from "./applications";
import { importsOf } from "./applications";
import type { Evaluation } from "./evaluation";
import { textsOf } from "./lists";

type ServingFindings = Pick<
  SettingsFindings,
  | "needsAsgi"
  | "usesGeoDjango"
  | "staticRoot"
  | "servesStaticFiles"
  | "servesStaticFilesInDebug"
  | "staticFilesElsewhere"
  | "installedApps"
  | "importsFromSrc"
>;

/** What settings say of apps, static files and uploads. */
export function findServing(
  evaluation: Evaluation,
  modules: ModuleFiles,
  wsgi: Application | undefined,
  asgi: Application | undefined,
): ServingFindings {
  const found = (setting: string): Found<true> => ({ value: true, where: evaluation.placeOf(setting) });
  const isSet = (setting: string) => {
    const value = evaluation.setting(setting);
    return value !== undefined && truth(value) !== false;
  };
  const installedApps = [...new Set(textsOf(evaluation.setting("INSTALLED_APPS")))];
  const asynchronous = installedApps.some((app) => /^(channels|daphne)(\.|$)/.test(app));
  const isRouted = asgi?.imports.some((name) => /^channels(\.|$)/.test(name));
  const isOnlyAsgi = wsgi === undefined && asgi !== undefined;
  const usesGis = installedApps.includes("django.contrib.gis") || /\.gis\./.test(engineText(evaluation));
  return {
    needsAsgi: asynchronous
      ? found("INSTALLED_APPS")
      : asgi && (isRouted || isOnlyAsgi)
        ? { value: true, where: asgi.found.where }
        : undefined,
    usesGeoDjango: usesGis ? found("INSTALLED_APPS") : undefined,
    staticRoot: isSet("STATIC_ROOT") ? found("STATIC_ROOT") : undefined,
    staticFilesElsewhere: staticFilesElsewhere(evaluation),
    servesStaticFiles: staticServer(evaluation, modules, [wsgi, asgi]),
    servesStaticFilesInDebug: staticUrls(evaluation, modules),
    installedApps,
    importsFromSrc: installedApps.some((app) => modules.isInSrc(app)),
  };
}

function engineText(evaluation: Evaluation): string {
  const databases = evaluation.setting("DATABASES");
  return plainText(entry(entry(databases, "default"), "ENGINE")) ?? "";
}

function entry(value: Value | undefined, key: string): Value | undefined {
  return value?.kind === "dict" ? value.entries.get(key) : undefined;
}

function staticFilesElsewhere(evaluation: Evaluation): Found<true> | undefined {
  const storage =
    plainText(entry(entry(evaluation.setting("STORAGES"), "staticfiles"), "BACKEND")) ??
    plainText(evaluation.setting("STATICFILES_STORAGE")) ??
    "";
  const setting = evaluation.setting("STORAGES") ? "STORAGES" : "STATICFILES_STORAGE";
  return /^storages\.|s3|gcloud|azure/i.test(storage) ? { value: true, where: evaluation.placeOf(setting) } : undefined;
}

/** Whether a middleware of the project's own is in a module that makes it of WhiteNoise's. */
function isOfWhiteNoise(name: string, modules: ModuleFiles): boolean {
  const module = modules.find(name.split(".").slice(0, -1).join("."));
  return module !== undefined && importsOf(module.body).some((each) => /^(whitenoise|servestatic)(\.|$)/.test(each));
}

/** What serves static files with debug off: WhiteNoise, a bucket, or a view. */
function staticServer(
  evaluation: Evaluation,
  modules: ModuleFiles,
  applications: readonly (Application | undefined)[],
): Found<true> | undefined {
  const middleware = ["MIDDLEWARE", "MIDDLEWARE_CLASSES"].find((setting) =>
    textsOf(evaluation.setting(setting)).some(
      (name) => /whitenoise|servestatic/i.test(name) || isOfWhiteNoise(name, modules),
    ),
  );
  if (middleware !== undefined) {
    return { value: true, where: evaluation.placeOf(middleware) };
  }
  const wrapped = applications.find((application) =>
    application?.imports.some((name) => /^(whitenoise|dj_static|servestatic)(\.|$)/.test(name)),
  );
  if (wrapped) {
    return { value: true, where: wrapped.found.where };
  }
  const elsewhere = staticFilesElsewhere(evaluation);
  if (elsewhere !== undefined) {
    return elsewhere;
  }
  const urls = modules.find(plainText(evaluation.setting("ROOT_URLCONF")) ?? "");
  // A view of the project's own may serve them in some cases alone.
  const outside = urls?.body.filter(({ kind }) => kind !== "function" && kind !== "class");
  const served = urls && importsOf(urls.body).includes("django.views.static") && mentions(outside, /^STATIC_ROOT$/);
  return served ? { value: true, where: urls.file } : undefined;
}

/** `static(settings.STATIC_URL, ...)` or `staticfiles_urlpatterns()`, which are empty with debug off. */
function staticUrls(evaluation: Evaluation, modules: ModuleFiles): Found<true> | undefined {
  const urls = modules.find(plainText(evaluation.setting("ROOT_URLCONF")) ?? "");
  const imported = urls === undefined ? [] : importsOf(urls.body);
  const isServed =
    urls !== undefined &&
    (imported.includes("django.contrib.staticfiles.urls") ||
      (imported.includes("django.conf.urls.static") && mentions(urls.body, /^STATIC_(ROOT|URL)$/)));
  return isServed ? { value: true, where: urls.file } : undefined;
}
