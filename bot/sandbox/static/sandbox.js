// The phone: shows one pretend person's chat and lets them write, press and send.
"use strict";

const LOOK_AGAIN = 600; // milliseconds between two looks at the chat
const STYLES = { bold: "b", italic: "i", code: "code", blockquote: "blockquote" };
const PLACES = { voice: "🎤 0:24", photo: "📷", document: "📄", location: "📍", contact: "👤", sticker: "😀" };

const people = document.getElementById("people");
const chat = document.getElementById("chat");
const text = document.getElementById("text");
const fault = document.getElementById("fault");
let seen = -1;

const address = (act = "") => `/sandbox/people/${people.value}${act}`;

async function act(name, said) {
  const answer = await fetch(address(`/${name}`), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(said),
  });
  fault.textContent = answer.ok ? "" : `That did not work (${answer.status}).`;
  await look();
}

async function look() {
  const who = people.value;
  const answer = await fetch(`${address()}?seen=${seen}`);
  if (answer.status !== 200) return;
  const found = await answer.json();
  // Another look may have been under way with the same answer: what is shown stays in its place.
  if (who !== people.value || seen === found.changes) return;
  seen = found.changes;
  chat.replaceChildren(...found.messages.filter((message) => !message.deleted).map(bubble));
  chat.parentElement.scrollTop = chat.scrollHeight;
}

function bubble(message) {
  const item = document.createElement("li");
  item.className = message.own ? "own" : "bot";
  const body = document.createElement("div");
  body.className = "bubble";
  body.dir = "auto";
  if (message.attachment) body.append(`${PLACES[message.attachment] ?? ""} `);
  body.append(...styled(message.text, message.entities ?? []));
  item.append(body, ...(message.rows ?? []).map((row) => keys(message, row)));
  return item;
}

// Telegram counts offsets in UTF-16 units, as JavaScript does.
function styled(words, entities) {
  const parts = [];
  let at = 0;
  for (const { type, offset, length } of entities) {
    const part = document.createElement(STYLES[type] ?? "span");
    part.textContent = words.slice(offset, offset + length);
    parts.push(words.slice(at, offset), part);
    at = offset + length;
  }
  return [...parts, words.slice(at)];
}

function keys(message, row) {
  const line = document.createElement("div");
  line.className = "keys";
  line.append(...row.map((key) => (key.url ? link(key) : button(message, key))));
  return line;
}

function link(key) {
  const opening = document.createElement("a");
  opening.href = key.url;
  opening.target = "_blank";
  opening.rel = "noreferrer";
  opening.textContent = key.text;
  return opening;
}

function button(message, key) {
  const pressing = document.createElement("button");
  pressing.type = "button";
  pressing.dir = "auto";
  pressing.textContent = key.text;
  pressing.addEventListener("click", () => act("presses", { data: key.callback_data, message: message.id }));
  return pressing;
}

async function begin() {
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  for (const { id, language, number } of await (await fetch("/sandbox/people")).json()) {
    people.append(new Option(number ? `WhatsApp +${number}` : `${names.of(language)} (${language})`, id));
  }
  for (;;) {
    await look().catch(() => (fault.textContent = "The sandbox does not answer."));
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}

people.addEventListener("change", () => {
  seen = -1;
  chat.replaceChildren(); // nobody's messages under another name
  look();
});
document.getElementById("start").addEventListener("click", () => act("says", { text: "/start" }));
document.getElementById("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value;
  text.value = "";
  if (words.trim()) act("says", { text: words });
});
for (const sending of document.querySelectorAll("[data-kind]")) {
  sending.addEventListener("click", () => act("sends", { kind: sending.dataset.kind }));
}
begin();
