/** A type of the client library as it is in JSON: the library itself makes dates of some texts. */
export type Json<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

/** An object that an API server has: it always has these. */
export type Live<T> = Json<T> & {
  metadata: { name: string; namespace?: string; uid: string; creationTimestamp: string };
};

/** A list of objects. */
export interface List<T> {
  /** Such as PodList; the items have no kind of their own. */
  kind: string;
  items: Live<T>[];
}

/** The fields of an object by which it has its place on an API server. */
export interface ObjectKey {
  /** Such as `v1` or `apps/v1`. */
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}
