// Keys for what the pages can do without them: a control says which key presses it (data-key).
"use strict";
// A page about one thing has chosen it.
const only = document.querySelectorAll("[data-item]");
if (only.length === 1 && !location.hash) only[0].focus({ preventScroll: true });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const target = event.target;
  if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))) return;
  if (event.key === "/") {
    const search = document.getElementById("search");
    if (search) { event.preventDefault(); search.focus(); }
    return;
  }
  // In a list (data-item) arrows choose one, and keys press the controls of the chosen one only: the first press on a
  // page where none is chosen chooses the first, so that nothing is judged unseen.
  const items = [...document.querySelectorAll("[data-item]")];
  const item = target instanceof Element ? target.closest("[data-item]") : null;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && items.length > 1) {
    const next = item ? items[items.indexOf(item) + step] : items[0];
    if (next) { event.preventDefault(); next.focus(); }
    return;
  }
  if (event.repeat) return;
  const controls = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)];
  const control = controls.find((one) => item && item.contains(one)) || controls.find((one) => !one.closest("[data-item]"));
  if (control instanceof HTMLElement) { event.preventDefault(); control.click(); }
  else if (!item && controls.length) { event.preventDefault(); items[0].focus(); }
});
