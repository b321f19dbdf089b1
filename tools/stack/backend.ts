import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { Problem } from "../../components/problem";
import { currentBackend, namedBackend, pulumiCloud, withoutLogin } from "../../components/safeguards/backendName";
import { systemReason } from "../systemReason";
import { writeNew } from "../wholeFile";

export interface Backend {
  /** One line for the user. */
  description: string;
  /** What `pulumi` needs in its environment to use it; undefined for what must not be there. */
  environment: NodeJS.ProcessEnv;
}

/** Folder of the checkout that git ignores: state, passphrase and generated config. */
export const localFolder = path.resolve(".local");

/**
 * The backend the user is logged in to, or one in the checkout; and a passphrase where the user gives none.
 *
 * @param isEncrypted whether the stack's own file holds what a passphrase encrypted; then a passphrase of the user's is
 *   the one for it, wherever the state is
 * @throws a `Problem` when the file of the passphrase is empty or cannot be read
 */
export function chooseBackend(
  environment: NodeJS.ProcessEnv = process.env,
  folder = localFolder,
  isEncrypted = false,
): Backend {
  const current = currentBackend(environment);
  const shown = path.relative(process.cwd(), folder) || folder;
  const passphrase = path.join(folder, "passphrase");
  const shownPassphrase = path.join(shown, "passphrase");
  if (current === undefined) {
    const inCheckout = `State in ${shown}/, since you are logged in to no Pulumi backend`;
    const url = { PULUMI_BACKEND_URL: pathToFileURL(folder).href };
    if (isEncrypted && hasPassphrase(environment)) {
      const file = ownFile(environment);
      fs.mkdirSync(folder, { recursive: true });
      return { description: `${inCheckout}; its passphrase is yours`, environment: { ...url, ...file } };
    }
    ensurePassphrase(passphrase);
    return {
      description: `${inCheckout}; its passphrase is in ${shownPassphrase}`,
      environment: {
        ...url,
        PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
        // The CLI would prefer it, and it belongs to another backend.
        PULUMI_CONFIG_PASSPHRASE: undefined,
      },
    };
  }
  const description = `State in ${withoutLogin(current)}, where you are logged in`;
  const url = current === namedBackend(environment) ? {} : { PULUMI_BACKEND_URL: current };
  if (keepsSecrets(current)) {
    return { description, environment: url };
  }
  if (hasPassphrase(environment)) {
    return { description, environment: { ...url, ...ownFile(environment) } };
  }
  ensurePassphrase(passphrase);
  return {
    description: `${description}; its passphrase is in ${shownPassphrase}, since you set neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE`,
    environment: { ...url, PULUMI_CONFIG_PASSPHRASE_FILE: passphrase },
  };
}

/** Whether a backend encrypts secrets by itself: a service does, a bucket or a folder does not. */
function keepsSecrets(backend: string): boolean {
  return backend === pulumiCloud || /^https?:/.test(backend);
}

/** As the CLI reads them: a passphrase may be empty, the name of a file may not. */
function hasPassphrase(environment: NodeJS.ProcessEnv): boolean {
  return environment["PULUMI_CONFIG_PASSPHRASE"] !== undefined || Boolean(environment["PULUMI_CONFIG_PASSPHRASE_FILE"]);
}

/**
 * The file of the user's passphrase, wherever the CLI runs; nothing where the CLI takes none.
 *
 * An empty passphrase can be meant, an empty file is what a full disk or a failed command left: Pulumi takes it.
 */
function ownFile(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = environment["PULUMI_CONFIG_PASSPHRASE_FILE"];
  // Pulumi prefers the variable.
  if (environment["PULUMI_CONFIG_PASSPHRASE"] !== undefined || !named) {
    return {};
  }
  const file = `The file ${named}, which PULUMI_CONFIG_PASSPHRASE_FILE names,`;
  if (readPassphrase(named, `${file} cannot be read`) === "") {
    throw new Problem(
      `${file} is empty`,
      "put the passphrase into it, or set PULUMI_CONFIG_PASSPHRASE; an empty one has to be set there",
    );
  }
  return path.isAbsolute(named) ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: path.resolve(named) };
}

function readPassphrase(file: string, failed: string): string {
  try {
    return fs.readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new Problem(
      `${failed} (${systemReason(error)})`,
      "set the variable to a file that has the passphrase, or unset it and set PULUMI_CONFIG_PASSPHRASE",
    );
  }
}

function isEmpty(file: string): boolean {
  try {
    return fs.readFileSync(file, "utf8").trim() === "";
  } catch {
    return false;
  }
}

/** Makes a passphrase where there is none. Throws a `Problem` when the file has none: Pulumi would take an empty one. */
function ensurePassphrase(file: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!fs.existsSync(file)) {
    writeNew(file, randomBytes(32).toString("base64"));
  }
  if (isEmpty(file)) {
    throw new Problem(
      `The passphrase in ${path.relative(process.cwd(), file)} is empty`,
      "put it back there from a copy; if this checkout has deployed nothing yet, delete the file and the next run makes a new one",
    );
  }
}
