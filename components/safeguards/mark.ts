/** Who made a namespace: on the namespace as annotations, and in the stack's state. The first values stay. */
export interface Mark {
  /** Random; that of the stack whose state has it. */
  id: string;
  /** For people: stack, project and backend. */
  madeBy: string;
}

interface Annotated {
  annotations?: Record<string, string> | undefined;
}

const keys = { id: "kubernetes-django/stack-id", madeBy: "kubernetes-django/made-by" } as const;
const protectedKey = "kubernetes-django/protected";

/** The annotations that say so. */
export function markAnnotations({ id, madeBy }: Mark): Record<string, string> {
  return { [keys.id]: id, [keys.madeBy]: madeBy };
}

/** The mark of an object; undefined for one without. */
export function markOf({ annotations = {} }: Annotated): Mark | undefined {
  const id = annotations[keys.id];
  return id === undefined ? undefined : { id, madeBy: annotations[keys.madeBy] ?? "an unknown stack" };
}

/** A stack, by what tells it from another one of its name. */
export interface Maker {
  stack: string;
  project: string;
  /** Undefined where the backend has none. */
  organization?: string | undefined;
  /** As `backendInWords` says it; undefined where nothing is kept. */
  backend?: string | undefined;
}

/** What `madeBy` says. */
export function makerInWords({ stack, ...rest }: Maker): string {
  return `stack ${stack}${originInWords(rest)}`;
}

/** Whether some stack of a backend made it. A service with organizations shows nobody all its stacks: false. */
export function isMadeIn({ madeBy }: Mark, { project, backend }: Pick<Maker, "project" | "backend">): boolean {
  return madeBy.endsWith(originInWords({ project, backend }));
}

function originInWords({ project, organization, backend }: Omit<Maker, "stack">): string {
  const owner = organization === undefined ? "" : ` of ${organization}`;
  return ` of project ${project}${owner}${backend === undefined ? "" : ` in ${backend}`}`;
}

const postgresKey = "kubernetes-django/postgres";
/** The one that earlier releases ran, which did not note it. */
const earlierPostgres = 17;

/** Notes on a volume which major version of Postgres wrote its data. */
export function postgresAnnotation(version: number): Record<string, string> {
  return { [postgresKey]: String(version) };
}

/** The major version of Postgres that wrote a volume's data. */
export function postgresOf({ annotations = {} }: Annotated): number {
  return Number(annotations[postgresKey] ?? earlierPostgres);
}

/** Notes on a volume whether it is protected: the flag in the state is not among its outputs. */
export function protectedAnnotation(isProtected: boolean): Record<string, string> {
  return { [protectedKey]: String(isProtected) };
}

/** Whether a volume is protected; earlier releases did not note it, and protected by default. */
export function isProtectedVolume({ annotations = {} }: Annotated): boolean {
  return annotations[protectedKey] !== "false";
}
