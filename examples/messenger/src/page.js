// In place of Intercom's messengers: each shows what it was booted with, and sends that to the auth server.
const { authServer } = document.documentElement.dataset;
const log = document.querySelector("iframe");

for (const messenger of document.querySelectorAll("section")) {
  const [block, text, button, answer] = messenger.querySelectorAll("script, textarea, button, pre");

  async function send() {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${authServer}/auth/web`, { method: "POST", headers, body: text.value });
    answer.textContent = `${response.status} ${JSON.stringify(await response.json(), null, 2)}`;
    log.src = log.src;
  }

  function Intercom(method, settings) {
    text.value = JSON.stringify(settings, null, 2);
    return send();
  }

  button.onclick = send;
  Intercom("boot", JSON.parse(block.textContent));

  // A page that stays open needs a fresh token before the old one expires, and sends the whole object again.
  setInterval(async () => {
    const response = await fetch(messenger.dataset.settings);
    if (response.ok) Intercom("update", await response.json());
  }, 50 * 60 * 1000);
}
