import { setKey, someCommand } from "../app/configKey";
import type { Role } from "../app/role";
import type { Pod } from "./kubernetes";

/** What else than its project helps a process whose probe fails, to be put after another clause; "" for web. */
export function healthAdvice({ spec }: Pod, role: Role | undefined): string {
  const container = spec?.containers.find(({ name }) => name === role?.app);
  if (role?.kind !== "process" || container === undefined) {
    return "";
  }
  const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
  const isBy = (how: "exec" | "httpGet"): boolean => probes.some((probe) => probe?.[how] !== undefined);
  if (isBy("exec")) {
    return `, or have it asked otherwise with \`${setKey(role, "healthCommand", someCommand)}\``;
  }
  return isBy("httpGet") ? `, or have it asked otherwise with \`${setKey(role, "healthPath", "/PATH")}\`` : "";
}
