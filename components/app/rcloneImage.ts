/** Copies files to S3-compatible storage. */
export const rcloneImage = "rclone/rclone:1.70.3";
