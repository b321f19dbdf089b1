/** Version of Pulumi's docker plugin. */
export const dockerPluginVersion = "5.2.0";
