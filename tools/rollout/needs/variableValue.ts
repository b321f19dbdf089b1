import { databasePart, givenFor, redisPart } from "../../commands/init/variables/otherNames";
import { isSecret } from "../../commands/init/variables/secrets";
import { set } from "./need";
import type { Run } from "./run";

/** The command, or commands, that give a variable a value, in backticks. */
export function settingOf(name: string, { variables }: Run): string {
  const given = givenFor(name);
  const ofRedis = redisPart(name);
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
  if (ofRedis !== undefined) {
    const own = name === ofRedis ? "" : ` and ${reference(ofRedis)}`;
    return variables.has(ofRedis) ? reference(ofRedis) : `${set("redis namespace")}${own}`;
  }
  return isSecret(name) ? set(`--secret --path secretEnv.${name} VALUE`) : set(`--path env.${name} VALUE`);
}
