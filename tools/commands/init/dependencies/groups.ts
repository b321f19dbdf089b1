import { isProductionGroup } from "./productionGroup";

/** Names of packages, by the group or extra that has them. */
export type Groups = Readonly<Record<string, readonly string[]>>;

/** Which optional parts of a project's dependencies a server needs. */
export interface Wanted {
  groups: string[];
  extras: string[];
}

/**
 * The groups and extras that are for servers, and the extra or else the group with Django, where nothing else has it.
 *
 * @param main names of the dependencies that are always installed
 */
export function wantedOf(main: readonly string[], { groups, extras }: { groups: Groups; extras: Groups }): Wanted {
  const wanted: Wanted = {
    groups: Object.keys(groups).filter(isProductionGroup),
    extras: Object.keys(extras).filter(isProductionGroup),
  };
  const withDjango = (named: Groups): string[] => Object.keys(named).filter((name) => named[name]?.includes("django"));
  const [extra] = withDjango(extras);
  const [group] = withDjango(groups);
  const isThere =
    main.includes("django") ||
    withDjango(groups).some((name) => wanted.groups.includes(name)) ||
    withDjango(extras).some((name) => wanted.extras.includes(name));
  if (!isThere && extra !== undefined) {
    wanted.extras.push(extra);
  } else if (!isThere && group !== undefined) {
    wanted.groups.push(group);
  }
  return wanted;
}
