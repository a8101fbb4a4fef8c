/* The end of a session: warns in time, hands over what is being typed, and leaves the page so that nobody reads along.
   The server keeps the time; this only looks at it. */
(function () {
  "use strict";
  var dialog = document.getElementById("kz-session");
  if (!dialog || !dialog.showModal) return;
  var about = dialog.dataset, page = location.pathname + location.search;
  var token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  var ends = Date.now() + Number(about.left) * 1000, warns = Number(about.warns) * 1000;
  var touched = false, asked = Date.now(), before = null, leaving = false;

  function post(url, fields) {
    var body = new URLSearchParams(fields || {});
    body.append("csrfmiddlewaretoken", token);
    return fetch(url, { method: "POST", body: body, keepalive: true });
  }

  function told(answer) {
    return answer.json().then(function (data) { ends = Date.now() + data.left * 1000; });
  }

  // A sign of life of another window, or of typing here, moves the end.
  function look() { asked = Date.now(); return fetch(about.look).then(told); }
  function stay() { touched = false; asked = Date.now(); return post(about.stay).then(told); }

  function typed() {
    var fields = {}, any = false;
    document.querySelectorAll("main form").forEach(function (form) {
      Array.prototype.forEach.call(form.elements, function (one) {
        if (!one.name || one.name === "csrfmiddlewaretoken" || /^(hidden|password|file|submit|button)$/.test(one.type)) return;
        var choice = one.type === "checkbox" || one.type === "radio";
        if (choice ? one.checked !== one.defaultChecked : one.tagName !== "SELECT" && one.value !== one.defaultValue) any = true;
        if (one.tagName === "SELECT" && Array.prototype.some.call(one.options, function (each) { return each.selected !== each.defaultSelected; })) any = true;
        if (!choice || one.checked) (fields[one.name] = fields[one.name] || []).push(one.value);
      });
    });
    return any ? fields : null;
  }

  function keep() {
    var fields = typed();
    return fields ? post(about.keep, { page: page, fields: JSON.stringify(fields) }) : Promise.resolve();
  }

  function leave() {
    if (leaving) return;
    leaving = true;
    function go() { dialog.querySelector("[data-kz-end]").submit(); }
    keep().then(go, go);
  }

  function show(left) {
    var words = dialog.querySelector("[data-kz-left]");
    var minutes = Math.max(1, Math.ceil(left / 60000));
    if (words.textContent !== String(minutes)) words.textContent = String(minutes);
    if (dialog.open) return;
    before = document.activeElement;
    dialog.showModal();
  }

  function hide() {
    if (dialog.open) dialog.close();
    if (before && before.focus) before.focus();
    before = null;
  }

  function tick() {
    var left = ends - Date.now();
    if (left <= 0) return look().then(function () { if (ends <= Date.now() + 1000) leave(); }, leave);
    if (left <= warns && !dialog.open) {
      if (touched) return stay();
      return look().then(function () { if (ends - Date.now() <= warns) show(ends - Date.now()); });
    }
    if (dialog.open) {
      if (left > warns) hide(); else show(left);
      if (Date.now() - asked > 15000) look();
    } else if (touched && Date.now() - asked > 60000) stay();
  }

  function restore() {
    if (location.hash !== "#kz-kept") return;
    history.replaceState(null, "", page);
    fetch(about.kept + "?page=" + encodeURIComponent(page)).then(function (answer) { return answer.json(); }).then(function (found) {
      if (!found.fields) return;
      document.querySelectorAll("main form").forEach(function (form) {
        Array.prototype.forEach.call(form.elements, function (one) {
          var values = found.fields[one.name];
          if (!values || /^(hidden|password|file|submit|button)$/.test(one.type)) return;
          if (one.type === "checkbox" || one.type === "radio") one.checked = values.indexOf(one.value) >= 0;
          else one.value = values[0];
          one.dispatchEvent(new Event("input", { bubbles: true }));
        });
      });
      document.getElementById("kz-restored").hidden = false;
      post(about.drop.replace("00000000-0000-0000-0000-000000000000", found.id));
    });
  }

  ["input", "keydown", "pointerdown"].forEach(function (name) {
    document.addEventListener(name, function () { touched = true; }, { passive: true });
  });
  dialog.addEventListener("cancel", function (event) { event.preventDefault(); stay().then(hide); });
  dialog.querySelector("[data-kz-stay]").addEventListener("click", function () { stay().then(hide); });
  dialog.querySelector("[data-kz-leave]").addEventListener("click", leave);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) tick(); });
  setInterval(tick, 1000);
  restore();
})();
