import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** What the backend of a user is called who has only an access token. */
export const pulumiCloud = "Pulumi Cloud";

/**
 * Where the Pulumi CLI keeps the state by an environment and its login; undefined where it is logged in to nothing. The
 * CLI takes a folder such as `file://./state` from where it runs, which is not the same for each of its runs.
 */
export function currentBackend(environment: NodeJS.ProcessEnv): string | undefined {
  const backend = namedBackend(environment);
  const [, folder, query = ""] = /^file:\/\/(?![/\\~]|[A-Za-z]:)([^?]*)(.*)$/.exec(backend ?? "") ?? [];
  if (folder === undefined) {
    return backend;
  }
  const { href } = new URL(`./${folder}`, pathToFileURL(`${process.cwd()}/`));
  return `${href.replace(/\/$/, "")}${query}`;
}

/** The same, as the user wrote it. */
export function namedBackend(environment: NodeJS.ProcessEnv): string | undefined {
  return environment["PULUMI_BACKEND_URL"] || currentLogin(environment);
}

/** The same for people on another machine, without what a URL may have to sign in. */
export function backendInWords(environment: NodeJS.ProcessEnv, hostname = os.hostname()): string {
  const place = withoutLogin(currentBackend(environment) ?? pulumiCloud);
  return place.startsWith("file:") ? `${place} on ${hostname}` : place;
}

/** A backend without what its URL may have to sign in. */
export function withoutLogin(backend: string): string {
  const [place = ""] = backend.replace(/\/\/[^/?#]*@/, "//").split("?");
  return place;
}

function currentLogin(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment["PULUMI_ACCESS_TOKEN"]) {
    return pulumiCloud;
  }
  const home = environment["PULUMI_HOME"] || path.join(os.homedir(), ".pulumi");
  try {
    const { current } = JSON.parse(fs.readFileSync(path.join(home, "credentials.json"), "utf8")) as {
      current?: string;
    };
    return current || undefined;
  } catch {
    return undefined;
  }
}
