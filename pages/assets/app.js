// Enhancements only: every page works without this file.
(function () {
  "use strict";

  // A second click on a form that is on its way sends nothing; the idempotency key guards the rest.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-once") || event.defaultPrevented) return;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    form.setAttribute("aria-busy", "true");
  });

  // Coming back by the browser's history: the form may be sent again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      form.removeAttribute("data-sent");
      form.removeAttribute("aria-busy");
    });
  });

  // How many characters are left, told to screen readers only when few remain.
  document.querySelectorAll("[data-count]").forEach(function (field) {
    var max = Number(field.getAttribute("maxlength"));
    var line = document.createElement("p");
    line.className = "hint count";
    field.insertAdjacentElement("afterend", line);
    function show() {
      var left = max - field.value.length;
      line.textContent = field.getAttribute("data-count").replace("%d", String(left));
      line.setAttribute("aria-live", left < 50 ? "polite" : "off");
    }
    field.addEventListener("input", show);
    show();
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // The error summary is read first.
  var summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // Desk: "/" goes to the search box.
  document.addEventListener("keydown", function (event) {
    var search = document.getElementById("desk-search");
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && search && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    }
  });
})();
