/* Passkeys: asks the device, puts its answer in the form, sends the form. Without JavaScript, or without a device that
   can, these forms stay hidden: codes of an app are the other way. */
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (one) { return one.charCodeAt(0); });
  }

  function words(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function opened(options) {
    var key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) key.user.id = bytes(key.user.id);
    (key.allowCredentials || []).concat(key.excludeCredentials || []).forEach(function (one) { one.id = bytes(one.id); });
    return { publicKey: key };
  }

  function closed(credential) {
    var answer = credential.response, response = { clientDataJSON: words(answer.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (answer[name]) response[name] = words(answer[name]);
    });
    return JSON.stringify({
      id: credential.id, rawId: words(credential.rawId), type: credential.type, response: response,
      clientExtensionResults: credential.getClientExtensionResults()
    });
  }

  function options(form) {
    var given = form.querySelector("script[type='application/json']");
    if (given) return Promise.resolve(JSON.parse(given.textContent));
    return fetch(form.action, { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.json(); })
      .then(function (data) { return data.request_options; });
  }

  function ask(form) {
    return options(form).then(function (given) {
      var verb = form.dataset.kzPasskey === "create" ? "create" : "get";
      return navigator.credentials[verb](opened(given));
    }).then(function (credential) {
      form.elements.credential.value = closed(credential);
      form.submit();
    });
  }

  document.querySelectorAll("[data-kz-passkey-offer]").forEach(function (one) { one.hidden = false; });
  document.addEventListener("submit", function (event) {
    if (!event.target.dataset.kzPasskey) return;
    event.preventDefault();
    ask(event.target).catch(function () {
      document.querySelectorAll("[data-kz-passkey-failed]").forEach(function (one) { one.hidden = false; });
    });
  });
})();
