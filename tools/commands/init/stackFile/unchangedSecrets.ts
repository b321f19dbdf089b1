import { askPulumi } from "../../../pulumi/cli";
import { step } from "../../../terminal/progress";
import { openConfig } from "../../pulumi/openConfig";
import { type Setting, nameOf } from "../decision/decision";
import type { StackFileText } from "./editStackFile";

/** What `pulumi config --json` prints of a key. */
interface Shown {
  objectValue?: Record<string, unknown>;
}

/**
 * Names of those secrets whose value the stack's file has by now: encrypted again, each would be another text, and the file
 * would change though nothing does.
 */
export async function unchangedSecrets(
  stack: string,
  file: Pick<StackFileText, "app" | "current">,
  secrets: readonly Setting[],
): Promise<Set<string>> {
  const encrypted = secrets.filter((each) => file.current(each) !== undefined);
  if (encrypted.length === 0) {
    return new Set();
  }
  return await step("Comparing the encrypted values", async () => {
    const call = await openConfig(stack);
    const printed = await askPulumi(["config", "--show-secrets", "--json", "--stack", stack], call);
    return sameValues(encrypted, JSON.parse(printed) as Record<string, Shown>, file.app);
  });
}

/**
 * @param config what the CLI shows, by keys with their namespaces
 * @param app whose secrets they are
 */
export function sameValues(
  secrets: readonly Setting[],
  config: Readonly<Record<string, Shown>>,
  app: string,
): Set<string> {
  const valueOf = ({ key, name = "" }: Setting): unknown => config[`${app}:${key}`]?.objectValue?.[name];
  return new Set(secrets.filter((each) => valueOf(each) === each.value).map(nameOf));
}
