import { createInterface } from "node:readline";
import { userHash } from "./user_hash.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const [secret, userId] = line.split("\t").map((digits) => Buffer.from(digits, "hex").toString());
  console.log(userHash(secret, userId));
}
