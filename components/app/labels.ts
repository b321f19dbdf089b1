/** Labels of an app's pods, by which Services, policies and the tools tell them apart. */

/** Of the web process's pods, to which the Service leads. */
export const podLabels = { app: "django-container" };
/** Of the release command's pod. */
export const migrationLabels = { app: "django-migrate" };

const processApp = "django-process";
const scheduleApp = "django-schedule";
/** Of the pods of another process. */
export const processLabels = (process: string): { app: string; process: string } => ({ app: processApp, process });
/** Of the pods of a schedule. */
export const scheduleLabels = (schedule: string): { app: string; schedule: string } => ({ app: scheduleApp, schedule });

/** Of the Postgres' and the Redis' pods. */
export const databaseLabels = { app: "django-database" };
export const redisLabels = { app: "django-redis" };

/** What `app` is for every pod that runs the project's image. */
export const appPods = [podLabels.app, migrationLabels.app, processApp, scheduleApp];

/** Name of the container that runs the project's image, in the pods of the web process and of the release command. */
export const containerName = "django-web";
