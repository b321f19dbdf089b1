/** Variables by which a developer's shell points at a cluster, a Docker daemon or a Pulumi backend. */
const pointers = /^(KUBECONFIG$|DOCKER_|MINIKUBE_|PULUMI_|XDG_CACHE_HOME$|XDG_DATA_HOME$|INIT_CWD$)/;

/** Each test of a suite finds an environment that points nowhere, and may change it and the working folder. */
export function ownEnvironment(): void {
  let environment: NodeJS.ProcessEnv = {};
  let folder = "";
  const remove = (names: string[]): void => {
    names.forEach((name) => Reflect.deleteProperty(process.env, name));
  };
  beforeEach(() => {
    environment = { ...process.env };
    folder = process.cwd();
    remove(Object.keys(environment).filter((name) => pointers.test(name)));
  });
  afterEach(() => {
    remove(Object.keys(process.env));
    Object.assign(process.env, environment);
    process.chdir(folder);
  });
}
