import { reservedNames } from "../../../../components/config/workloads";

const longest = 30;

/**
 * A name as an entry of `processes` or `schedules` has it: a DNS label.
 *
 * @param names those that are given by now; the new one is added
 */
export function entryName(written: string, names: Set<string>): string {
  const label = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, longest)
      .replace(/^-+|-+$/g, "");
  const own = label(written);
  const plain = /^[a-z]/.test(own) ? own : label(`process-${own}`);
  const wanted = reservedNames.includes(plain) ? `${plain}-process` : plain;
  let name = wanted;
  for (let count = 2; names.has(name); count++) {
    name = `${wanted.slice(0, longest - 1 - String(count).length)}-${count}`;
  }
  names.add(name);
  return name;
}
