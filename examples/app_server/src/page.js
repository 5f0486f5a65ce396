// Intercom's script is loaded from here. Until it comes, calls wait in a queue.
const { widget } = document.currentScript.dataset;
window.Intercom = (...call) => Intercom.q.push(call);
Intercom.q = [];
document.head.append(Object.assign(document.createElement("script"), { src: widget, async: true }));

const block = document.getElementById("intercom");
if (block) Intercom("boot", JSON.parse(block.textContent));
else Intercom("shutdown"); // Nobody is logged in. The session may have expired.

// An update needs the whole object again, with a fresh proof. In another tab, somebody else may have logged in since: their
// settings must not reach the messenger that was booted for this user.
async function update() {
  const response = await fetch(block.dataset.fresh);
  if (response.status >= 500) return;
  const fresh = response.ok ? await response.json() : {};
  if (fresh.user === block.dataset.user) return Intercom("update", fresh.settings);
  Intercom("shutdown");
  location.reload();
}

if (block) {
  document.getElementById("update").addEventListener("click", update);
  document.querySelector("form[action='/logout']").addEventListener("submit", () => Intercom("shutdown"));
  setInterval(update, 50 * 60 * 1000); // Before the token expires.
}
