import { createHmac } from "node:crypto";

export function userHash(secret, userId) {
  return createHmac("sha256", secret).update(userId).digest("hex");
}
