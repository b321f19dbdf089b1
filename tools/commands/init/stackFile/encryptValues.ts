import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import type { AppOfStack } from "../../../app/appWords";
import { openConfig } from "../../pulumi/openConfig";
import { askPulumi } from "../../../pulumi/cli";
import { makeScratch } from "../../../scratch";
import { type Config, type StackFile, stackFileName } from "../../../stack/stackFiles";
import { step } from "../../../terminal/progress";
import type { Setting } from "../decision/decision";

export interface Encrypted {
  encrypted: (Setting & { encrypted: string })[];
  /** Salt of the passphrase; undefined where a service encrypts. */
  salt: string | undefined;
}

/**
 * Encrypts values as `pulumi config set --secret` does, in a copy of the stack's file. Each goes to the CLI by its standard
 * input: an argument would show in the list of processes.
 */
export async function encryptValues({ stack, app }: AppOfStack, secrets: readonly Setting[]): Promise<Encrypted> {
  if (secrets.length === 0) {
    return { encrypted: [], salt: undefined };
  }
  return await step(`Encrypting ${secrets.length} value${secrets.length === 1 ? "" : "s"}`, async (progress) => {
    const call = await openConfig(stack);
    const { folder, remove } = makeScratch("encrypted");
    const copy = path.join(folder, stackFileName(stack));
    fs.copyFileSync(stackFileName(stack), copy);
    for (const { key, name = "", value } of secrets) {
      progress.detail(name);
      await askPulumi(
        ["config", "set", "--secret", "--path", `${app}:${key}.${name}`, "--stack", stack, "--config-file", copy],
        call,
        // The CLI takes the last line's end off.
        `${value}\n`,
      );
    }
    const text = fs.readFileSync(copy, "utf8");
    remove();
    const { config = {}, encryptionsalt: salt } = parse(text) as StackFile;
    return { encrypted: encryptedIn(config, app, secrets), salt };
  });
}

/** What a stack's config has for values of an app that are encrypted in it. */
export function encryptedIn(config: Config, app: string, secrets: readonly Setting[]): Encrypted["encrypted"] {
  const maps = config as Record<string, Record<string, { secure: string }>>;
  return secrets.map((each) => ({ ...each, encrypted: maps[`${app}:${each.key}`]?.[each.name ?? ""]?.secure ?? "" }));
}
