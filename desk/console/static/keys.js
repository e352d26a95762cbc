// Single keys, by their place on the keyboard, so that they work in Cyrillic and Persian layouts too. They can be
// switched off (WCAG 2.1.4); each only presses a button or a link that stands on the page.
"use strict";

const writing = (target) => /^(input|textarea|select)$/i.test(target.tagName) || target.isContentEditable;

function press(code) {
  const found = [...document.querySelectorAll(`[data-key="${code}"]`)].find((one) => one.isConnected);
  if (!found) return false;
  const sheet = found.closest("[popover]");
  if (sheet && !found.checkVisibility()) sheet.showPopover();
  found.click();
  return true;
}

function writeAs(kind, field) {
  const box = document.getElementById(kind);
  if (!box) return false;
  box.checked = true;
  document.getElementById(field).focus();
  return true;
}

function openInsert(field) {
  const shelf = document.querySelector(".insert");
  if (!shelf) return false;
  document.getElementById("as-reply").checked = true;
  shelf.open = true;
  document.getElementById(field).focus();
  return true;
}

function walk(step) {
  const rows = [...document.querySelectorAll(".rows a")].filter((row) => row.checkVisibility());
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))].focus();
  return true;
}

function turnDark() {
  const page = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = page.dataset.theme === "system" ? (dark ? "dark" : "light") : page.dataset.theme;
  page.dataset.theme = now === "dark" ? "light" : "dark";
  fetch("/desk/view", { method: "POST", body: new URLSearchParams({ theme: page.dataset.theme }) });
  return true;
}

const KEYS = {
  KeyJ: () => walk(1),
  KeyK: () => walk(-1),
  KeyR: () => writeAs("as-reply", "answer"),
  KeyN: () => writeAs("as-note", "note"),
  KeyG: () => openInsert("step"),
  KeyD: turnDark,
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey) return;
  if (event.key === "Escape" && writing(event.target)) { event.target.blur(); return; }
  // In an empty answer a slash opens the approved replies; in a text it is a slash.
  if (event.key === "/" && event.target.id === "answer" && !event.target.value) {
    if (openInsert("filter")) event.preventDefault();
    return;
  }
  if (!("keys" in document.body.dataset) || event.ctrlKey || event.metaKey || writing(event.target)) return;
  if (document.querySelector(":popover-open") && event.key === "Escape") return;
  const done = event.key === "?" ? (document.getElementById("keys")?.togglePopover(), true)
    : event.key === "/" ? openInsert("filter") || press("slash")
    : KEYS[event.code] ? KEYS[event.code]() : press(event.code);
  if (done) event.preventDefault();
});
