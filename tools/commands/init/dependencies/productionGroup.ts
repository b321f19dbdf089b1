/** Whether a group of dependencies is installed on a server. */
export const isProductionGroup = (name: string): boolean => /^(?:prod|production|deploy|server)$/.test(name);
