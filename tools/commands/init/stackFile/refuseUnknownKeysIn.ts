import { refuseUnknownKeys } from "../../../../components/config/knownKeys";
import { aboutOne } from "../../../app/onApp";
import { project } from "../../../stack/stackConfig";
import type { StackFileText } from "./editStackFile";

/** Refuses keys that the program does not know, of the stack and of the app that the file is looked at for. */
export function refuseUnknownKeysIn({ app, keys }: StackFileText): void {
  refuseUnknownKeys(project, keys);
  aboutOne(app, () => {
    refuseUnknownKeys(
      app,
      keys.filter((key) => key.startsWith(`${app}:`)),
    );
  });
}
