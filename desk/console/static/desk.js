// The desk works without this file. With it: pages fetch themselves when something happens, drafts are kept while one
// writes, and keys work. Nothing is shown that the server did not render.
"use strict";

const fresh = document.getElementById("fresh");

// --- Something happened somewhere: fetch this page again and take over what may have changed. ---
let fetching = false, again = false;
async function refresh() {
  if (fetching) { again = true; return; }
  fetching = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Fresh": "1" } });
    if (answer.status === 401) { location.reload(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const newer = page.getElementById("fresh");
    if (newer && fresh && newer.innerHTML !== fresh.innerHTML) {
      const atEnd = innerHeight + scrollY > document.body.scrollHeight - 120;
      fresh.replaceChildren(...newer.childNodes);
      if (atEnd && document.querySelector(".composer")) scrollTo(0, document.body.scrollHeight);
    }
    const tabs = document.querySelector(".tabs"), newerTabs = page.querySelector(".tabs");
    if (tabs && newerTabs) tabs.replaceChildren(...newerTabs.childNodes);
  } finally {
    fetching = false;
    if (again) { again = false; refresh(); }
  }
}
if (fresh && document.body.dataset.live) {
  const stream = new EventSource(document.body.dataset.live);
  stream.addEventListener("change", refresh);
  // After a pause of the network everything may have changed.
  stream.addEventListener("open", refresh);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}

// --- Drafts: kept on the server, so that they survive the tab and colleagues see that somebody writes. ---
const composer = document.querySelector("form[data-draft]");
if (composer) {
  const field = composer.querySelector("textarea");
  let kept = field.value, timer = null;
  const keep = () => {
    timer = null;
    if (field.value === kept) return;
    kept = field.value;
    fetch(composer.dataset.draft, { method: "POST", body: new URLSearchParams({ text: kept }), keepalive: true });
  };
  field.addEventListener("input", () => { timer = timer || setTimeout(keep, 1500); });
  addEventListener("pagehide", keep);
  composer.addEventListener("submit", () => { kept = field.value; clearTimeout(timer); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) composer.requestSubmit();
  });
}
// A form is sent once, however often the button is pressed.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

// --- Keys, by their place on the keyboard, so that they work in Cyrillic and Persian layouts too. ---
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(input|textarea|select)$/i.test(event.target.tagName)) return;
  const found = document.querySelector(`[data-key="${event.code}"]`);
  if (found) { event.preventDefault(); found.click(); return; }
  const rows = [...document.querySelectorAll(".rows a")];
  const step = { KeyJ: 1, KeyK: -1 }[event.code];
  if (step && rows.length) {
    rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(document.activeElement) + step))].focus();
  } else if (event.code === "KeyR" || event.code === "KeyN") {
    const box = document.getElementById(event.code === "KeyR" ? "as-reply" : "as-note");
    if (box) { event.preventDefault(); box.checked = true; document.getElementById(event.code === "KeyR" ? "answer" : "note").focus(); }
  }
});
