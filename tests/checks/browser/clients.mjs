// Reads lines from `browser settings`, boots each client with each of them, and compares.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { buildSync } from "esbuild";
import puppeteer from "puppeteer-core";

const SECRET = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
const ORIGIN = "http://127.0.0.1";
const WIDGET = "https://widget.intercom.io/widget/a1b2c3d4";

const read = 'const settings = JSON.parse(document.getElementById("settings").textContent);';
const react = boot => `
  import { createElement, useEffect } from "react";
  import { createRoot } from "react-dom/client";
  import { IntercomProvider, useIntercom } from "react-use-intercom";
  ${read}
  function Messenger() {
    const { boot } = useIntercom();
    useEffect(() => boot(${boot}), []);
    return null;
  }
  const provider = createElement(IntercomProvider, { appId: "a1b2c3d4" }, createElement(Messenger));
  createRoot(document.getElementById("root")).render(provider);`;

// Name, script, whether it must boot with what was signed.
const clients = [
  ["@intercom/messenger-js-sdk", `
    import Intercom from "@intercom/messenger-js-sdk";
    ${read}
    Intercom({ ...settings, app_id: "a1b2c3d4" });`, true],
  ["react-use-intercom, customAttributes", react("{ customAttributes: settings }"), true],
  ["react-use-intercom, as they are", react("settings"), false],
];

// The stub records what the messenger would boot with, on load and when told to later.
const STUB = `
  window.booted ??= [];
  const boot = ([method, settings]) => method === "boot" && window.booted.push(JSON.stringify(settings));
  const { q } = window.Intercom;
  if (window.intercomSettings) boot(["boot", window.intercomSettings]);
  q.forEach(boot);
  window.Intercom = (...call) => boot(call);`;

// The proof, once checked, is put in the place of what was seen: nothing else here comes from the settings.
function signed(proof, text, seen) {
  const attributes = { company: { [text]: [text] }, name: text };
  const sign = (message, encoding) => createHmac("sha256", SECRET).update(message).digest(encoding);
  if (proof === "user_hash") {
    return { user_id: text, email: "ada@example.com", user_hash: sign(text, "hex"), ...attributes };
  }
  const [header, payload, signature] = String(seen.intercom_user_jwt).split(".");
  const { exp, ...claims } = JSON.parse(Buffer.from(payload ?? "", "base64url").toString() || "{}");
  const holds = signature === sign(`${header}.${payload}`, "base64url") && exp > 0;
  const sameUser = isDeepStrictEqual(claims, { user_id: text, email: "ada@example.com" });
  return { intercom_user_jwt: holds && sameUser ? seen.intercom_user_jwt : "another one", ...attributes };
}

// Without what the client adds of its own.
function withoutOwn({ app_id, api_base, installation_type, ...settings }) {
  return settings;
}

const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"],
});
const lines = readFileSync(0, "utf8").trimEnd().split("\n");
let failed = 0;
for (const [name, contents, mustMatch] of clients) {
  const stdin = { contents, resolveDir: import.meta.dirname };
  const define = { "process.env.NODE_ENV": '"production"' };
  const [{ text: script }] = buildSync({ stdin, define, bundle: true, write: false, format: "iife" }).outputFiles;
  const page = await browser.newPage();
  let html;
  await page.setRequestInterception(true);
  page.on("request", request => {
    const bodies = { [`${ORIGIN}/`]: html, [`${ORIGIN}/client.js`]: script, [WIDGET]: STUB };
    request.respond({ status: 200, contentType: request.url() === `${ORIGIN}/` ? "text/html" : "text/javascript",
      body: bodies[request.url()] ?? "" });
  });
  let same = 0;
  for (const line of lines) {
    const [, proof, hex, settings] = /^(\S+) (\S+) (.*)$/s.exec(line);
    html = `<!doctype html><body><script type="application/json" id=settings>${settings}</script>
      <div id=root></div><script src=/client.js></script>`;
    await page.goto(`${ORIGIN}/`);
    await page.waitForFunction("window.booted?.length > 0", { timeout: 10_000 });
    const booted = (await page.evaluate("window.booted")).map(json => JSON.parse(json));
    const text = Buffer.from(hex, "hex").toString();
    if (booted.every(seen => isDeepStrictEqual(withoutOwn(seen), signed(proof, text, seen)))) same += 1;
    else if (mustMatch) console.log(proof, JSON.stringify(booted));
  }
  const passed = same === (mustMatch ? lines.length : 0);
  failed += !passed;
  const control = mustMatch ? "" : ", a control that must fail";
  console.log(`${passed ? "ok  " : "FAIL"}  ${name}: ${same} of ${lines.length} boots as signed${control}`);
  await page.close();
}
await browser.close();
process.exit(failed ? 1 : 0);
