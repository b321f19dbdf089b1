/** Kubernetes takes nearly every name of a variable, and shells and Django's projects these. */
export const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
