import assert from "node:assert/strict";

import { refuseOtherPassphrase } from "../../../stack/passphrase";
import { PassphraseKey } from "../../../stack/passphraseKey";
import { isProblem } from "../../../../test/unit/helpers/problems";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";

/** That the Pulumi CLI made for the passphrase "right". */
const encryptionSalt = "v1:Y24j1LZMDys=:v1:18+brONd8UF5OKqm:sFef5JH7i099XecZ0Fz28xh8uPQVMQ==";

describe("The key of a passphrase", () => {
  // Deriving one takes half a second of a processor, as it is meant to.
  let key: PassphraseKey | undefined;
  before(async () => {
    key = await PassphraseKey.of("right", encryptionSalt);
  });

  it("is there for the passphrase that the CLI made the salt with", () => {
    assert.ok(key);
  });

  it("is not there for what is no salt", async () => {
    for (const salt of ["", "v1:Y24j1LZMDys=", "v1:Y24j1LZMDys=:v1:18+brONd8UF5OKqm:sFef", "v2:a:v2:b:c"]) {
      assert.equal(await PassphraseKey.of("right", salt), undefined, salt);
    }
  });

  it("encrypts equal texts to different ones", () => {
    const encrypted = [1, 2].map(() => key?.encrypt("t0ken") ?? "");
    assert.notEqual(encrypted[0], encrypted[1]);
    encrypted.forEach((text) => {
      assert.match(text, /^v1:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/]{28}$/);
    });
  });
});

describe("A stack whose file has encrypted values", () => {
  const folder = temporaryFolder();
  const config = { encryptionSalt, encryptedPaths: ["secretKey", "secretEnv.TOKEN"] };
  const refusal = (place: string): ((error: unknown) => true) =>
    isProblem(
      `Pulumi.shop.yaml has values that another passphrase encrypted than the one in ${place}; set PULUMI_CONFIG_PASSPHRASE to that of whoever set them; or, without it, delete \`encryptionsalt\` and \`secretKey\` and \`secretEnv.TOKEN\` from Pulumi.shop.yaml and run \`pulumi config set --secret secretKey --stack shop\` and \`pulumi config set --secret --path secretEnv.TOKEN --stack shop\`.`,
    );

  it("is taken with their passphrase, in a variable or in a file, with a line's end", async () => {
    folder.write({ passphrase: "right\n" });
    await refuseOtherPassphrase("shop", config, { PULUMI_CONFIG_PASSPHRASE: "right" });
    await refuseOtherPassphrase("shop", config, { PULUMI_CONFIG_PASSPHRASE_FILE: folder.path("passphrase") });
  });

  it("is refused with another one, and says where that is and how to do without", async () => {
    folder.write({ passphrase: "wrong" });
    await assert.rejects(
      refuseOtherPassphrase("shop", config, { PULUMI_CONFIG_PASSPHRASE: "wrong" }),
      refusal("PULUMI_CONFIG_PASSPHRASE"),
    );
    const here = process.cwd();
    process.chdir(folder.path());
    try {
      const environment = { PULUMI_CONFIG_PASSPHRASE_FILE: folder.path("passphrase") };
      await assert.rejects(refuseOtherPassphrase("shop", config, environment), refusal("passphrase"));
    } finally {
      process.chdir(here);
    }
  });

  it("is left to the CLI where there is no passphrase, as with a service that decrypts", async () => {
    await refuseOtherPassphrase("shop", config, {});
    await refuseOtherPassphrase(
      "shop",
      { ...config, encryptionSalt: undefined },
      { PULUMI_CONFIG_PASSPHRASE: "wrong" },
    );
  });
});
