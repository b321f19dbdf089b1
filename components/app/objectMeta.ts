import type { types } from "@pulumi/kubernetes";

export type ObjectMeta = types.input.meta.v1.ObjectMeta;

/** Gives an object's metadata the namespace of the app it belongs to. */
export type InNamespace = (own: ObjectMeta) => ObjectMeta;
