import type { Role } from "../app/role";
import type { Diagnosis } from "./diagnosis";
import type { Pod } from "./kubernetes";

/** The pod's name, and what config calls that which it runs. */
export function whoseOf({ metadata: { name } }: Pod, role: Role | undefined): Pick<Diagnosis, "subject" | "process"> {
  switch (role?.kind) {
    case "process":
      return { subject: `Process ${role.name} (pod ${name})`, process: role.name };
    case "schedule":
      return { subject: `Schedule ${role.name} (pod ${name})` };
    default:
      return { subject: `Pod ${name}` };
  }
}
