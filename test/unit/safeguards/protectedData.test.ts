import assert from "node:assert/strict";

import { refuseFewerPods } from "../../../components/safeguards/podCount";
import {
  keptBeside,
  refuseLeavingData,
  refuseLosingApp,
  refuseLosingData,
} from "../../../components/safeguards/protectedData";
import type { PriorState } from "../../../components/safeguards/priorState";
import { changed, settings } from "../helpers/host";
import { nothingBefore, volumeBefore } from "../helpers/prior";
import { isProblem } from "../helpers/problems";

const postgres = changed(settings, { database: "postgres", databaseStorage: "1Gi" });
const prior = (isProtected = true, ...names: string[]): PriorState => ({
  ...nothingBefore,
  volumes: (names.length > 0 ? names : ["database"]).map((name) => volumeBefore(name, { isProtected })),
  cluster: { context: "docker-desktop", kubeconfig: undefined, clusterIdentifier: "one" },
});
const kept =
  'and stack dev keeps data in the volume "kubernetes-django-database" of namespace "kubernetes-django" (protectData is true), which would be deleted; run `';
const also =
  " --stack dev` to keep it; to delete it, also run `pulumi config set protectData false --stack dev` and `npm run up -- dev` before you change the key.";

describe("Protected data", () => {
  describe("of an app that the program has no more", () => {
    const apps = ["kubernetes-django", "blog", "blog-news"];
    const withVolumes = (...names: string[]): PriorState => ({
      ...prior(),
      volumes: names.map((name) => ({ ...volumeBefore("database"), name })),
    });
    /** Of a program that has these apps, with a state that has all. */
    const refuse = (before: PriorState, declared: string[], now = "one"): void => {
      const { mark, claim } = nothingBefore;
      const others = (app: string): PriorState["others"] =>
        apps.filter((each) => each !== app).map((each) => ({ app: each, mark, claim }));
      refuseLosingApp(declared.map((app) => keptBeside({ ...before, app, others: others(app) }, now)));
    };
    const lost = (app: string, volume: string): ReturnType<typeof isProblem> =>
      isProblem(
        `index.ts passes no app "${app}" to declareProviders, and stack dev keeps its data in the volume "${volume}" of namespace "kubernetes-django" (protectData is true); put the app back, as docs/more-apps.md shows; to delete its data, also run \`pulumi config set ${app}:protectData false --stack dev\` and \`npm run up -- dev\` before you take it out.`,
      );

    it("is not left, whichever app that is", () => {
      for (const [declared, app, volume] of [
        [["kubernetes-django", "blog-news"], "blog", "blog-database"],
        [["kubernetes-django", "blog"], "blog-news", "blog-news-media"],
        [["blog", "blog-news"], "kubernetes-django", "kubernetes-django-redis"],
      ] as const) {
        const before = withVolumes("kubernetes-django-redis", "blog-database", "blog-news-media");
        assert.throws(
          () => {
            refuse(before, [...declared]);
          },
          lost(app, volume),
        );
        refuse(before, apps);
        refuse(before, [...declared], "another cluster");
      }
    });

    it("is no volume that somebody has declared beside the apps", () => {
      refuse(withVolumes("cache", "cache-database", "blog-cache"), ["kubernetes-django"]);
    });
  });

  const losses: [settings: typeof settings, message: string][] = [
    [settings, `Config key "database" is "sqlite", ${kept}pulumi config set database postgres${also}`],
    [
      changed(settings, { protectData: false }),
      `Config key "database" is "sqlite", ${kept}pulumi config set database postgres${also}`,
    ],
    [
      changed(postgres, { namespace: "shop" }),
      `Config key "namespace" is "shop", ${kept}pulumi config set namespace kubernetes-django${also}`,
    ],
  ];
  for (const [given, message] of losses) {
    it(`is not lost: ${message.slice(0, 40)}, protectData ${String(given.database.protectData)}`, () => {
      assert.throws(() => {
        refuseLosingData(given, prior());
      }, isProblem(message));
      refuseLosingData(given, prior(false));
      refuseLosingData(given, nothingBefore);
    });
  }

  it("is not left for another database's URL", () => {
    const url = { ...postgres, database: { ...postgres.database, databaseUrl: {} as never } };
    assert.throws(
      () => {
        refuseLosingData(url, prior());
      },
      isProblem(`Config key "databaseUrl" is set, ${kept}pulumi config rm databaseUrl${also}`),
    );
  });

  it("is not lost as SQLite's file, either", () => {
    const now = (more: Parameters<typeof changed>[1]) => () => {
      refuseLosingData(changed(settings, more), prior(true, "sqlite"));
    };
    const said = (message: string): ReturnType<typeof isProblem> => isProblem(message.replace("-database", "-sqlite"));
    now({ databaseStorage: "1Gi" })();
    assert.throws(
      now({}),
      said(`Config key "databaseStorage" is not set, ${kept}pulumi config set databaseStorage 1Gi${also}`),
    );
    assert.throws(
      now({ database: "postgres", databaseStorage: "1Gi" }),
      said(`Config key "database" is "postgres", ${kept}pulumi config set database sqlite${also}`),
    );
  });

  it("is not lost as Redis', either, whatever becomes of the database", () => {
    const now = (more: Parameters<typeof changed>[1]) => () => {
      refuseLosingData(changed(settings, more), prior(true, "redis"));
    };
    const said = (message: string): ReturnType<typeof isProblem> => isProblem(message.replace("-database", "-redis"));
    now({ redis: "namespace", redisStorage: "1Gi" })();
    now({ redis: "namespace", redisStorage: "1Gi", database: "postgres" })();
    const back = `${kept}pulumi config set redis namespace${also}`;
    assert.throws(now({ redisStorage: "1Gi" }), said(`Config key "redis" is "none", ${back}`));
    assert.throws(now({ redis: "url" }), said(`Config key "redis" is a URL, ${back}`));
    assert.throws(
      now({ redis: "namespace" }),
      said(`Config key "redisStorage" is not set, ${kept}pulumi config set redisStorage 1Gi${also}`),
    );
    assert.throws(
      now({ redis: "namespace", redisStorage: "1Gi", namespace: "shop" }),
      said(`Config key "namespace" is "shop", ${kept}pulumi config set namespace kubernetes-django${also}`),
    );
  });

  it("is not lost whichever of several volumes has it", () => {
    const both = { ...prior(), volumes: [...prior().volumes, ...prior(true, "redis").volumes] };
    assert.throws(() => {
      refuseLosingData(postgres, both);
    }, /^Error: Config key "redis" is "none", and stack dev keeps data in the volume "kubernetes-django-redis"/);
  });

  it("is not lost as uploads, whatever becomes of the database", () => {
    const media = { path: "/app/media", size: "5Gi", storageClass: undefined, accessMode: undefined };
    const before = prior(true, "database", "media");
    const message = `Config key "media" is not set, ${kept}pulumi config set --path media.size 1Gi${also}`;
    assert.throws(
      () => {
        refuseLosingData(postgres, before);
      },
      isProblem(message.replace("-database", "-media")),
    );
    refuseLosingData(changed(postgres, { media }), before);
    assert.throws(() => {
      refuseLosingData(changed(postgres, { media, namespace: "shop" }), prior(true, "media"));
    }, /^Error: Config key "namespace" is "shop", and stack dev keeps data in the volume "kubernetes-django-media"/);
    refuseLosingData(postgres, prior(false, "media"));
  });

  it("of another app in `index.ts` is left to what that says", () => {
    const volumes = [volumeBefore("database", { name: "shop-database" })];
    refuseLosingData(settings, { ...prior(), volumes });
  });

  it("is not left on a cluster for another one, unless the state alone protects it", () => {
    const other = { context: "minikube", clusterIdentifier: "two" };
    assert.throws(() => {
      refuseLeavingData(postgres, prior(), other);
    }, isProblem('Stack dev keeps data in the volume "kubernetes-django-database" of the cluster of kube context "docker-desktop" (protectData is true), and "minikube" leads to another cluster; deploy there with a stack of its own, or lead this one back; if the first cluster is gone with the data, run `pulumi config set protectData false --stack dev` and `pulumi state unprotect --all --stack dev`.'));
    assert.throws(() => {
      refuseLeavingData(postgres, prior(), { ...other, context: "docker-desktop" });
    }, /of the cluster that kube context "docker-desktop" led to \(protectData is true\), and "docker-desktop" leads to/);
    assert.throws(() => {
      refuseLeavingData(postgres, prior(true, "database", "media"), other);
    }, /keeps data in the volumes "kubernetes-django-database" and "kubernetes-django-media" of the cluster/);
    refuseLeavingData(postgres, prior(), { ...other, clusterIdentifier: "one" });
    refuseLeavingData(changed(postgres, { protectData: false }), prior(), other);
    refuseLeavingData(postgres, prior(false), other);
  });
});

describe("The number of pods without an autoscaler", () => {
  const scaled = (replicas: number) => ({
    metadata: { name: "kubernetes-django", uid: "1", creationTimestamp: "" },
    spec: { replicas },
  });

  it("is not less than what runs when it is turned off", () => {
    assert.throws(() => {
      refuseFewerPods("dev", 2, scaled(5));
    }, isProblem('Config key "maxReplicas" is not set any more, and 5 pods run, of which 2 would be left ("replicas"); run `pulumi config set replicas 5 --stack dev` to keep them, and set fewer in a later update if they are enough.'));
  });

  it("may be the same and more, and anything where nothing runs", () => {
    refuseFewerPods("dev", 5, scaled(5));
    refuseFewerPods("dev", 6, scaled(5));
    refuseFewerPods("dev", 1, "absent");
  });
});
