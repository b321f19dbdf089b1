import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

export interface Backend {
  /** One line for the user. */
  description: string;
  /** What `pulumi` needs in its environment to use it. */
  environment: Record<string, string>;
}

/** Folder of the checkout that git ignores: state, passphrase and generated config. */
export const localFolder = path.resolve(".local");

/** The backend the user is logged in to, or one in the checkout with a passphrase of its own. */
export function chooseBackend(environment: NodeJS.ProcessEnv = process.env, folder = localFolder): Backend {
  const current = environment["PULUMI_BACKEND_URL"] || currentLogin(environment);
  if (current !== undefined) {
    return { description: `State in ${current}, where you are logged in`, environment: {} };
  }
  fs.mkdirSync(folder, { recursive: true });
  const passphrase = path.join(folder, "passphrase");
  if (!fs.existsSync(passphrase)) {
    fs.writeFileSync(passphrase, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
  }
  return {
    description: `State in ${path.relative(process.cwd(), folder) || folder}/, since you are logged in to no Pulumi backend; its passphrase is in ${path.join(path.relative(process.cwd(), folder), "passphrase")}`,
    environment: { PULUMI_BACKEND_URL: pathToFileURL(folder).href, PULUMI_CONFIG_PASSPHRASE_FILE: passphrase },
  };
}

function currentLogin(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment["PULUMI_ACCESS_TOKEN"]) {
    return "Pulumi Cloud";
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
