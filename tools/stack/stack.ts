/** The Pulumi CLI as one `npm run` uses it: its environment, its stack, that stack's config. */
export interface PulumiCli {
  stack: string;
  /** Stack config that `npm run` generated. */
  configFile: string;
  /** Folder with that config and a copy of Pulumi.yaml: a stack is made there, so that its salt lands in that config. */
  folder: string;
  environment: NodeJS.ProcessEnv;
}
