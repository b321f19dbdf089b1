import { isSecret } from "../../commands/init/settings/look/secrets";
import { databasePart } from "../../commands/init/variables/given";
import { set } from "./need";
import type { Run } from "./run";

/** Names that projects have for what each process is given under another one. */
const otherNames: [pattern: RegExp, given: string][] = [
  [/^(?!AWS_|S3_|STRIPE_)\w+_SECRET_KEY$/, "SECRET_KEY"],
  [/ALLOWED_HOSTS?$/, "ALLOWED_HOSTS"],
  [/CSRF_TRUSTED_ORIGINS$/, "CSRF_TRUSTED_ORIGINS"],
  [/^\w+_DEBUG$/, "DEBUG"],
];

/** The command, or commands, that give a variable a value, in backticks. */
export function settingOf(name: string, { variables }: Run): string {
  const given = otherNames.find(([pattern, other]) => pattern.test(name) && name !== other)?.[1];
  const part = databasePart(name);
  const ofServer = part === "engine" ? undefined : part;
  const reference = (other: string): string => set(`--path env.${name} '$(${other})'`);
  if (given !== undefined && variables.has(given)) {
    return reference(given);
  }
  if (ofServer !== undefined) {
    const own = name === ofServer ? "" : ` and ${reference(ofServer)}`;
    return variables.has(ofServer) ? reference(ofServer) : `${set("database postgres")}${own}`;
  }
  return isSecret(name) ? set(`--secret --path secretEnv.${name} VALUE`) : set(`--path env.${name} VALUE`);
}
