/** Annotation of a pod whose processes run under the agent: a hash of it, so that another agent makes other pods. */
export const liveAnnotation = "kubernetes-django/live-reload";
