// In place of Intercom's script: shows what the messenger is called with.
function show([method, settings]) {
  const call = document.createElement("pre");
  call.textContent = `Intercom("${method}"${settings ? `, ${JSON.stringify(settings, null, 2)}` : ""})`;
  document.body.append(call);
}

Intercom.q.forEach(show);
window.Intercom = (...call) => show(call);
