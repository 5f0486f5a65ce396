// Boots the messenger with the page's data block. An external script and a data block need no CSP nonce.

// A stub that shows its last call. In your page, Intercom's own script defines this function.
function Intercom(method, settings) {
  const shown = settings ? `, ${JSON.stringify(settings, null, 2)}` : "";
  document.getElementById("messenger").textContent = `Intercom("${method}"${shown})`;
}

const block = document.getElementById("intercom-settings");
if (block) Intercom("boot", JSON.parse(block.textContent));
else Intercom("shutdown"); // The session may have expired. Do this before another user boots.

// An update needs the whole object again, with identity and proof.
document.getElementById("update")?.addEventListener("click", async () => {
  const response = await fetch("/intercom/web");
  if (response.ok) Intercom("update", await response.json());
  else location.reload();
});

document.querySelector("form[action='/logout']")?.addEventListener("submit", () => Intercom("shutdown"));
