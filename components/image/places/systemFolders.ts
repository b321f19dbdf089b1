/** Folders of the base image's own: a pod that has a copy of one in its place may not start. */
const exact = new Set("/ /lib64 /tmp /usr /usr/local /usr/share /var /var/cache /var/lib /var/log /var/tmp".split(" "));
const withAllInThem =
  /^\/(bin|boot|dev|etc|lib|proc|run|sbin|sys|tmp|usr\/bin|usr\/include|usr\/lib|usr\/local\/(bin|etc|include|lib|sbin)|usr\/sbin|var\/run)(\/|$)/;

/** Whether a folder is one of the system's, so that no pod can have a writable copy of it. @param folder absolute */
export const isOfSystem = (folder: string): boolean => exact.has(folder) || withAllInThem.test(folder);
