// The desk works without this file. With it: pages fetch themselves when something happens, drafts are kept while one
// writes, and texts are inserted where the cursor stands. Nothing is shown that the server did not render.
"use strict";

document.documentElement.classList.add("script");

// What answers a form, say why it was refused, stands at an address that cannot be fetched. The page that the form was
// on can: it is what is fetched anew, and what "reload" shows.
if (document.body.hasAttribute("data-answer") && document.referrer.startsWith(`${location.origin}/`)) {
  history.replaceState(null, "", document.referrer);
}

// --- Something happened somewhere: fetch this page again and take over the parts that changed. ---
// A part in which somebody works stays as it is: one's words, the place of the cursor and open forms are not lost.
const rendered = new Map([...document.querySelectorAll("[data-fresh]")].map((part) => [part.id, shape(part)]));

// Each fetched form has a token of its own, which is no news.
function shape(part) {
  return part.innerHTML.replace(/name="once" value="[^"]*"/g, "");
}

function inUse(part) {
  if (part.querySelector("details[open]") || part.matches(":popover-open")) return true;
  if (part.contains(document.activeElement) && /^(input|textarea|select)$/i.test(document.activeElement.tagName)) return true;
  return [...part.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
}

function takeOver(part, newer) {
  const html = shape(newer);
  if (html === rendered.get(part.id) || inUse(part)) return;
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  rendered.set(part.id, html);
  part.replaceChildren(...newer.childNodes);
  if (focused) part.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

// This request is not ours to see any more: its page goes, what was being written is given back.
let left = false;
function leave(page) {
  left = true;
  const words = [...document.querySelectorAll("#answer, #note")].map((field) => field.value).filter(Boolean).join("\n\n");
  document.body.className = page.body.className;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  document.title = page.title;
  const kept = document.getElementById("kept-words");
  if (!words || !kept) return;
  kept.hidden = false;
  kept.querySelector("textarea").value = words;
}

let fetching = false, again = false;
async function refresh() {
  if (left) return;
  if (fetching) { again = true; return; }
  fetching = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Fresh": "1" } });
    if (answer.status === 401) { location.reload(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 404) { leave(page); return; }
    if (!answer.ok) return;  // The server is in trouble: what stands here stays.
    const atEnd = innerHeight + scrollY > document.body.scrollHeight - 120;
    for (const part of document.querySelectorAll("[data-fresh]")) {
      const newer = page.getElementById(part.id);
      if (newer) takeOver(part, newer);
    }
    if (atEnd && document.querySelector("[role=log]")) scrollTo(0, document.body.scrollHeight);
    prepare();
  } catch { // The network is away: the stream tells when it is back.
  } finally {
    fetching = false;
    if (again) { again = false; refresh(); }
  }
}

// The stream is made anew where the browser gives up; a banner tells when that takes long.
let cut = null;
function listen() {
  const stream = new EventSource(document.body.dataset.live);
  stream.addEventListener("change", refresh);
  stream.addEventListener("open", () => {
    clearTimeout(cut);
    cut = null;
    document.getElementById("offline").hidden = true;
    refresh();  // After a pause of the network everything may have changed.
  });
  stream.addEventListener("error", () => {
    cut = cut || setTimeout(() => { document.getElementById("offline").hidden = false; }, 4000);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => { refresh(); listen(); }, 2000);
  });
}
if (rendered.size && document.body.dataset.live) {
  listen();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}
if (document.querySelector("[role=log]")) scrollTo(0, document.body.scrollHeight);

// --- Drafts: kept on the server, so that they survive the tab and colleagues see that somebody writes. ---
let kept = null, timer = null;
function keep() {
  timer = null;
  const form = document.querySelector("form[data-draft]"), field = form?.querySelector("textarea");
  if (!field || field.value === kept) return;
  kept = field.value;
  fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams({ text: kept }), keepalive: true });
}
// A phone that is locked hides the page and may never come back to it: no other event is certain to come.
addEventListener("pagehide", () => { if (timer) keep(); });
document.addEventListener("visibilitychange", () => { if (document.hidden && timer) keep(); });

// --- Insert at the cursor; without script the server appends it. ---
function insert(field, words) {
  const before = field.value.slice(0, field.selectionStart), after = field.value.slice(field.selectionEnd);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  field.setRangeText(gap + words, before.length, field.value.length - after.length, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function filter(box) {
  const wanted = box.value.toLowerCase();
  for (const one of document.querySelectorAll(".canned")) one.hidden = !one.textContent.toLowerCase().includes(wanted);
}

// A fresh composer is prepared once. Who writes no more is said to write for ten seconds: then look again.
let quiet = null;
function prepare() {
  clearTimeout(quiet);
  if (document.querySelector(".writing")) quiet = setTimeout(refresh, 10000);
  const form = document.querySelector("form[data-draft]");
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "1";
  const field = form.querySelector("textarea");
  kept = field.value;
  field.addEventListener("input", () => { timer = timer || setTimeout(keep, 500); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", () => { kept = field.value; clearTimeout(timer); timer = null; });
  for (const button of form.querySelectorAll(".canned")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      insert(field, button.querySelector(".words").textContent);
      form.querySelector(".insert").open = false;
    });
  }
  document.getElementById("filter")?.addEventListener("input", (event) => filter(event.target));
}
prepare();

// --- Without a connection the words wait here and go out by themselves; the form's token keeps them single. ---
async function send(form) {
  const waits = form.querySelector(".waits-for-network");
  try {
    const sent = new FormData(form);
    if (!form.querySelector("[name=file]")?.files.length) sent.delete("file");
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent) });
    if (answer.redirected) { location.replace(answer.url); return; }
    delete form.dataset.queued;
    form.submit();  // What was refused, or asks for a login, is shown as without this file.
  } catch {
    waits.hidden = false;
    setTimeout(() => send(form), 2000);
  }
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.querySelector(".waits-for-network") || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  if (form.dataset.queued) return;
  form.dataset.queued = "1";
  form.querySelector("textarea").readOnly = true;
  send(form);
});

document.querySelector("[data-print]")?.addEventListener("click", () => print());

// --- A form is sent once, however often the button is pressed. ---
document.addEventListener("submit", (event) => {
  // What another script has stopped (parts.js) was not sent.
  if (event.defaultPrevented || event.target.method !== "post" || event.target.dataset.queued) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));
