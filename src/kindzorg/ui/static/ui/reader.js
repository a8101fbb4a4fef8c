/* Reads a page aloud, sentence by sentence, with the browser's own voice; the sentence that is read is marked.
   Buttons that need a voice stay hidden until there is one. Nothing is said to screen readers: the voice is enough. */
(function () {
  "use strict";

  var voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;
  var SKIP = "nav, script, style, select, textarea, input, template, [hidden], [aria-hidden='true'], [popover], .kz-reader, [data-kz-speak], .kz-skip-link";
  var marks = window.CSS && CSS.highlights && window.Highlight ? new Highlight() : null;
  if (marks) CSS.highlights.set("kz-reading", marks);

  var root = null, parts = [], at = 0, playing = false, turn = 0, marked = null;

  function shown(element) {
    return element.checkVisibility ? element.checkVisibility() : element.getClientRects().length > 0;
  }

  function language(element) {
    var near = element.closest("[lang]");
    return near && near.lang || document.documentElement.lang || "nl";
  }

  /* What is said: {text, lang, element, range}. A picture with a name is said by its name. */
  function collect(from) {
    var found = [], pieces = [];
    function close() {
      if (pieces.length) cut(pieces, found);
      pieces = [];
    }
    function walk(node) {
      if (node.nodeType === 3) {
        if (node.data.trim()) {
          var lang = language(node.parentElement);
          if (pieces.length && pieces[0].lang !== lang) close();
          pieces.push({ node: node, lang: lang });
        }
        return;
      }
      if (node.nodeType !== 1 || node.matches(SKIP) || !shown(node)) return;
      var name = node.matches("img, svg, [role='img']") && (node.getAttribute("alt") || node.getAttribute("aria-label") || titled(node));
      if (name) {
        close();
        found.push({ text: name, lang: language(node), element: node });
        return;
      }
      if (node.matches("img, svg")) return;
      var apart = !node.matches(".kz-word") && (node.matches("button, label") || getComputedStyle(node).display !== "inline");
      if (apart) close();
      node.childNodes.forEach(walk);
      if (apart) close();
    }
    walk(from);
    close();
    return found;
  }

  function titled(drawing) {
    var by = drawing.getAttribute("aria-labelledby"), title = by ? document.getElementById(by.split(" ")[0]) : drawing.querySelector("title");
    return title ? title.textContent.trim() : "";
  }

  function cut(pieces, found) {
    var text = "", starts = pieces.map(function (piece) { var begin = text.length; text += piece.node.data; return begin; });
    function place(offset, end) {
      for (var i = pieces.length - 1; i > 0 && (end ? starts[i] >= offset : starts[i] > offset); i--);
      return [pieces[i].node, offset - starts[i]];
    }
    spans(text, pieces[0].lang).forEach(function (span) {
      var said = text.slice(span[0], span[1]);
      if (!/[\p{L}\p{N}]/u.test(said)) return;
      var from = span[0] + said.length - said.trimStart().length, to = span[0] + said.trimEnd().length;
      var range = document.createRange(), first = place(from, false), last = place(to, true);
      range.setStart(first[0], first[1]);
      range.setEnd(last[0], last[1]);
      found.push({ text: said.replace(/\s+/g, " ").trim(), lang: pieces[0].lang, element: first[0].parentElement, range: range });
    });
  }

  function spans(text, lang) {
    if (window.Intl && Intl.Segmenter) {
      return Array.from(new Intl.Segmenter(lang, { granularity: "sentence" }).segment(text), function (one) {
        return [one.index, one.index + one.segment.length];
      });
    }
    var found = [], pattern = /[^.!?]+[.!?]*\s*/g, match;
    while ((match = pattern.exec(text))) found.push([match.index, match.index + match[0].length]);
    return found;
  }

  function mark(part) {
    if (marks) marks.clear();
    if (marked) light(marked, false);
    marked = null;
    if (!part) return;
    if (marks && part.range) marks.add(part.range);
    else light(marked = part.element, true);
    var box = (part.range || part.element).getBoundingClientRect();
    if (box.top < 90 || box.bottom > window.innerHeight - 110) {
      part.element.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
  }

  /* Where a browser cannot mark a sentence, what holds it is marked. */
  function light(element, on) {
    element.classList.toggle("kz-reading", on);
    element.style.background = on ? "Mark" : "";
    element.style.color = on ? "MarkText" : "";
  }

  function speed() {
    var choice = document.querySelector("[data-kz-reader-speed]");
    return choice ? Number(choice.value) : 0.95;
  }

  function say() {
    var mine = ++turn, part = parts[at];
    voice.cancel();
    if (!part || !part.element.isConnected) return stop();
    var words = new SpeechSynthesisUtterance(part.text);
    words.lang = part.lang;
    words.rate = speed();
    words.onend = function () { if (mine === turn && playing) { at += 1; say(); } };
    words.onerror = function (event) {
      if (mine === turn && event.error !== "canceled" && event.error !== "interrupted") stop();
    };
    mark(part);
    voice.speak(words);
  }

  function begin(from) {
    stop();
    root = from;
    parts = collect(from);
    if (!parts.length) return;
    playing = true;
    show();
    say();
  }

  function pause() {
    playing = false;
    turn += 1;
    voice.cancel();
    show();
  }

  function go() {
    playing = true;
    show();
    say();
  }

  function stop() {
    turn += 1;
    voice.cancel();
    root = null;
    parts = [];
    at = 0;
    playing = false;
    mark(null);
    show();
  }

  function next() {
    at += 1;
    if (at >= parts.length) return stop();
    if (playing) say();
    else mark(parts[at]);
  }

  /* The bar and the small buttons, as things stand. */
  function show() {
    var main = document.getElementById("main"), bar = document.querySelector("[data-kz-reader]");
    if (bar) {
      var busy = root === main && root !== null, play = bar.querySelector("[data-kz-reader-play]");
      bar.classList.toggle("kz-reader--busy", busy);
      bar.classList.toggle("kz-card", busy);
      bar.querySelectorAll("[data-kz-reader-word]").forEach(function (word) {
        word.hidden = word.dataset.kzReaderWord !== (!busy ? "start" : playing ? "pause" : "resume");
      });
      bar.querySelectorAll("[data-kz-reader-busy]").forEach(function (each) { each.hidden = !busy; });
      play.dataset.state = !busy ? "start" : playing ? "pause" : "resume";
    }
    document.querySelectorAll("[data-kz-speak]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(root !== null && root.id === button.dataset.kzSpeak));
    });
  }

  function offer() {
    if (!voice.getVoices().length) return;
    document.querySelectorAll("[data-kz-reader], [data-kz-speak]").forEach(function (each) { each.hidden = false; });
  }

  document.addEventListener("click", function (event) {
    var pressed = event.target.closest && event.target.closest("[data-kz-reader-play], [data-kz-reader-next], [data-kz-reader-stop], [data-kz-speak]");
    if (!pressed) return;
    if (pressed.matches("[data-kz-reader-next]")) return next();
    if (pressed.matches("[data-kz-reader-stop]")) {
      stop();
      return document.querySelector("[data-kz-reader-play]").focus();
    }
    if (pressed.matches("[data-kz-speak]")) {
      var target = document.getElementById(pressed.dataset.kzSpeak);
      if (pressed.getAttribute("aria-pressed") === "true") stop();
      else if (target) begin(target);
      return;
    }
    if (pressed.dataset.state === "pause") pause();
    else if (pressed.dataset.state === "resume") go();
    else begin(document.getElementById("main"));
  });

  document.addEventListener("change", function (event) {
    if (!event.target.matches("[data-kz-reader-speed]")) return;
    try { localStorage.setItem("kz-speed", event.target.value); } catch { /* Nothing is kept then. */ }
    if (playing) say();
  });

  document.addEventListener("DOMContentLoaded", function () {
    var choice = document.querySelector("[data-kz-reader-speed]");
    try { if (choice) choice.value = localStorage.getItem("kz-speed") || choice.value; } catch { /* As it stood. */ }
    if (choice && choice.selectedIndex < 0) choice.value = "0.95";
    offer();
    if (voice.addEventListener) voice.addEventListener("voiceschanged", offer);
    document.addEventListener("htmx:afterSwap", function () {
      if (root) stop();
      offer();
    });
  });
  window.addEventListener("pagehide", function () { voice.cancel(); });
})();
