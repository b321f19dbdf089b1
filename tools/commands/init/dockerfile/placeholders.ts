import type { SettingsFindings } from "../findings";

/** Values that the usual ways to read a variable take, by what its name ends in. */
const byName: [pattern: RegExp, value: string][] = [
  [/_FILE$/, "/dev/null"],
  [/(?:DB|DATABASE|SQL)_?(?:ENGINE|BACKEND)$/, "django.db.backends.sqlite3"],
  [/DATABASE_URL|DB_URL$/, "sqlite:////tmp/placeholder.sqlite3"],
  [/(?:REDIS|CACHE|BROKER|CELERY|CHANNEL).*(?:URL|URI|LOCATION|BACKEND)$/, "redis://placeholder:6379/0"],
  [/EMAIL_URL$/, "consolemail://"],
  [/(?:URL|URI|DSN|ENDPOINT|ORIGINS?)$/, "http://placeholder.invalid"],
  [/HOSTS?$|DOMAINS?$/, "placeholder.invalid"],
  [/EMAIL$|EMAIL_ADDRESS$|_FROM$/, "placeholder@example.com"],
  [/(?:PORT|TIMEOUT|SECONDS|AGE|SIZE|COUNT|LIMIT|WORKERS|TTL|DAYS|HOURS|MINUTES|RATE|_ID|_DB)$/, "1"],
  [/^(?:IS|USE|ENABLE|DISABLE|HAS)_|(?:ENABLED|DISABLED|_TLS|_SSL)$/, "0"],
];

/**
 * Values with which the settings can be loaded while an image is built. None of them is a secret: a real one would stay
 * in the image's history.
 */
export function placeholders(
  settings: Pick<SettingsFindings, "variables" | "databaseVariables" | "enginePath" | "debugVariable" | "debugValues">,
): Map<string, string> {
  const needed = settings.variables.filter(({ isRequired }) => isRequired);
  return new Map(needed.map(({ name }) => [name, placeholder(name, settings)]));
}

function placeholder(name: string, settings: Omit<Parameters<typeof placeholders>[0], "variables">): string {
  if (name === settings.debugVariable?.value) {
    return (settings.debugValues?.value ?? "1,0").split(",")[1] ?? "0";
  }
  const value = byName.find(([pattern]) => pattern.test(name.toUpperCase()))?.[1] ?? "placeholder";
  return name === settings.databaseVariables.engine ? value.replace(settings.enginePath, "") : value;
}
