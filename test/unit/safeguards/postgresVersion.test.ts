import assert from "node:assert/strict";

import { postgresAnnotation } from "../../../components/safeguards/mark";
import { refuseOtherPostgres } from "../../../components/safeguards/postgresVersion";
import type { Sight } from "../../../components/targets/endpoints";
import { changed, fakeHost, settings } from "../helpers/host";
import { isProblem } from "../helpers/problems";

describe("The version of Postgres", () => {
  const context = { name: "prod", server: "https://prod", ca: undefined, skipTlsVerify: false, client: undefined };
  const volume = (annotations?: Record<string, string>): Sight => ({
    metadata: { name: "", uid: "1", creationTimestamp: "", ...(annotations && { annotations }) },
  });
  /** @returns how often the cluster was asked */
  const check = async (postgresVersion: number, sight: Sight, more = {}): Promise<number> => {
    let asked = 0;
    const see = (): Promise<Sight> => Promise.resolve((asked++, sight));
    const wanted = changed(settings, { database: "postgres", postgresVersion, ...more });
    await refuseOtherPostgres(wanted, { stack: "dev" }, context, fakeHost({ endpoints: { see } }).endpoints);
    return asked;
  };
  const failed = (wanted: number, present: number): string =>
    `Config key "postgresVersion" is "${wanted}", and the data in the volume "kubernetes-django-database" of namespace "kubernetes-django" is of Postgres ${present}, which Postgres ${wanted} cannot read`;

  it("is that of the data", async () => {
    assert.equal(await check(15, volume(postgresAnnotation(15))), 1);
  });

  it("is 17 for data of an earlier release, which did not note it", async () => {
    await check(17, volume());
    await assert.rejects(check(18, volume()), /is of Postgres 17/);
  });

  it("may be any for new data", async () => {
    await check(18, "absent");
  });

  it("does not matter where no server runs in the namespace", async () => {
    assert.equal(await check(18, volume(postgresAnnotation(15)), { database: "sqlite" }), 0);
  });

  it("is not newer than the data, unless that is upgraded", async () => {
    await assert.rejects(
      check(17, volume(postgresAnnotation(15))),
      isProblem(
        `${failed(17, 15)}; run \`npm run db:upgrade -- dev\`, which copies it and keeps the old data, or run \`pulumi config set postgresVersion 15 --stack dev\`.`,
      ),
    );
  });

  it("is not older than the data", async () => {
    await assert.rejects(
      check(15, volume(postgresAnnotation(17))),
      isProblem(
        `${failed(15, 17)}; run \`pulumi config set postgresVersion 17 --stack dev\`; an older version takes over neither data nor backups of a newer one.`,
      ),
    );
  });
});
