// Shows what changes while the board is open. Without it the board is the same after a reload.
"use strict";
(() => {
  const box = document.querySelector(".changes[data-after]");
  if (!box || !window.EventSource) return;
  const english = document.documentElement.lang === "en";
  const query = new URLSearchParams({ after: box.dataset.after });
  if (english) query.set("lang", "en");
  const line = (name, kind, text) => {
    const element = document.createElement(name);
    if (kind) element.className = kind;
    element.textContent = text;
    return element;
  };
  const show = (event) => {
    const item = document.createElement("li");
    item.className = "fresh";
    const when = line("p", "when", "");
    when.append(line("time", "", event.when), " ", line("span", "kind", event.kind), " ", event.place);
    const what = line("p", "what", "");
    if (/^(\/|https?:\/\/)/.test(event.href)) {
      const link = line("a", "", event.title);
      link.href = event.href;
      link.rel = "noopener noreferrer";
      what.append(link);
    } else {
      what.textContent = event.title;
    }
    item.append(when, what, ...event.lines.map((text) => line("p", "delta", text)));
    let list = box.querySelector("ol");
    if (!list) {
      box.querySelector(".note")?.remove();
      list = box.appendChild(document.createElement("ol"));
    }
    list.prepend(item);
    box.querySelector(".live").textContent = box.dataset.arrived;
  };
  const source = new EventSource("/events?" + query);
  source.addEventListener("change", (message) => show(JSON.parse(message.data)));
  window.addEventListener("pagehide", () => source.close());
})();
