import assert from "node:assert";
import { createSecretKey } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { serve } from "./peer.mjs";

const [folder, secret, token] = process.argv.slice(2);
const { SignJWT, jwtVerify } = await import(pathToFileURL(createRequire(`${folder}/`).resolve("jose")));

const key = createSecretKey(secret, "utf8");
const verify = () => jwtVerify(token, key, { algorithms: ["HS256"] });
const { payload } = await verify();

const sign = () => new SignJWT(payload).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key);

assert.equal(await sign(), token);
await serve({ sign, verify });
