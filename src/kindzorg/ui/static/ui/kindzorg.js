/* What a page can do more with JavaScript; without it these buttons stay hidden and nothing is missing. */
(function () {
  "use strict";

  function offer(selector, able, act) {
    if (!able) return;
    document.querySelectorAll(selector).forEach(function (button) { button.hidden = false; });
    document.addEventListener("click", function (event) {
      var button = event.target.closest && event.target.closest(selector);
      if (button) act(button);
    });
  }

  function show(button) {
    var field = document.getElementById(button.dataset.kzShow), shown = field.type === "text", words = button.textContent;
    field.type = shown ? "password" : "text";
    button.textContent = button.dataset.kzHide;
    button.dataset.kzHide = words;
    field.focus();
  }

  /* A second tap on a slow telephone sends nothing twice. Who comes back to the page later can send again. */
  document.addEventListener("submit", function (event) {
    var form = event.target, now = Date.now();
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.kzSent && now - form.kzSent < 4000) event.preventDefault();
    else form.kzSent = now;
  });

  document.addEventListener("DOMContentLoaded", function () {
    offer("[data-kz-print]", true, function () { window.print(); });
    offer("[data-kz-show]", true, show);
    document.addEventListener("htmx:afterSwap", function (event) {
      event.target.querySelectorAll("[data-kz-print]").forEach(function (button) { button.hidden = false; });
    });
  });
})();
