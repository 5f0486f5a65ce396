import assert from "node:assert";
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import { serve } from "./peer.mjs";

const [secret, user, userHash] = process.argv.slice(2);
const key = createSecretKey(secret, "utf8");

const compute = (identifier = user) => createHmac("sha256", key).update(identifier).digest("hex");

const verify = (identifier = user) =>
  timingSafeEqual(createHmac("sha256", key).update(identifier).digest(), Buffer.from(userHash, "hex"));

assert(compute() === userHash && verify() && !verify("another"));
await serve({ compute, verify });
