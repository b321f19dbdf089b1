import { Problem } from "../../components/problem";
import type { EngineEvent } from "../pulumi/engineEvents";

const imageType = /^docker(-build)?:.*:Image$/;
const shownLines = 20;

/** Keeps what a build printed: the providers show it line by line while it runs, and in the end only that it failed. */
export class BuildWatch {
  private readonly lines: string[] = [];
  private hasFailed = false;

  /** Takes in what the engine is doing. */
  readonly onEvent = ({ diagnosticEvent, resOpFailedEvent }: EngineEvent): void => {
    const type = diagnosticEvent?.urn?.split("::")[2]?.split("$").at(-1) ?? "";
    if (diagnosticEvent && imageType.test(type)) {
      const printed = diagnosticEvent.message.split("\n").filter((line) => line.trim() !== "");
      this.lines.push(...printed.filter((line) => !line.startsWith("digest: ")));
    }
    this.hasFailed ||= imageType.test(resOpFailedEvent?.metadata.type ?? "");
  };

  /** Why the image could not be built, for the user; undefined when it was. */
  explain(): Problem | undefined {
    if (!this.hasFailed) {
      return undefined;
    }
    return new Problem(
      "The image could not be built",
      "what is deployed stays as it is; mend the project in app/ (`docker build app` shows the whole build) and run `npm run up` again",
      this.lines.slice(-shownLines),
    );
  }
}
