// The living chat page. Without this file every form still works; with it nothing is loaded anew.
// What is sent waits in a queue under an id of its own: sent again after a lost answer, it is the same message to us.
"use strict";
(() => {
  const said = document.body.dataset;
  const log = document.querySelector(".log");
  const choices = document.querySelector("form.choices");
  const words = document.getElementById("words");
  const offline = document.getElementById("offline");
  const RETRY = [1000, 2000, 5000, 10000, 20000]; // milliseconds; the last one again and again
  const queue = [];
  const started = said.started === "yes";
  let version = Number(said.version);
  let sending = false;
  let tries = 0;
  let events = null;
  let stale = false; // what stands round the messages is no longer true

  const make = (tag, more = {}) => Object.assign(document.createElement(tag), more);
  const id = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

  // Messages

  function bubble(message) {
    const item = make("li", { className: message.own ? "out" : "in", lang: message.lang, dir: message.dir });
    item.dataset.id = message.id;
    item.dataset.version = message.version;
    item.append(make("span", { className: "heard", textContent: message.own ? said.you : said.bot }));
    for (const part of message.parts) item.append(make("p", { className: part.style, dir: "auto", textContent: part.text }));
    if (message.file) {
      const line = make("p");
      line.append(make("a", { href: message.link, download: message.file, dir: "ltr", textContent: message.file }));
      item.append(line);
    }
    return item;
  }

  function add(item) {
    const before = document.getElementById("newest");
    if (before) before.removeAttribute("id");
    item.id = "newest";
    item.tabIndex = -1;
    log.append(item);
  }

  function note(item, text) {
    if (item.lastChild.className === "quiet") item.lastChild.remove();
    if (text) item.append(make("p", { className: "quiet", dir: "auto", textContent: text }));
  }

  // The words that stand here already, until now under no id but ours.
  const waitingFor = (message) => [...log.querySelectorAll("li[data-local]")].find((one) => one.dataset.local === message.parts[0].text);

  function show(message) {
    const there = log.querySelector(`li[data-id="${CSS.escape(message.id)}"]`);
    if (there && Number(there.dataset.version) === message.version) return false;
    const ours = message.own ? waitingFor(message) : null;
    if (ours) {
      delete ours.dataset.local;
      ours.dataset.id = message.id;
      note(ours, "");
      return false;
    }
    if (there) there.remove();
    add(bubble(message));
    return true;
  }

  // What was taken back, or is too old. What the server knows under no id yet, the person's own words, stays.
  function forget(shown) {
    for (const item of log.querySelectorAll("li")) if (item.dataset.id && !shown.includes(item.dataset.id)) item.remove();
    if (log.lastElementChild) log.lastElementChild.id = "newest";
  }

  // Buttons

  function button(choice) {
    if (choice.url) {
      const link = { href: choice.url, target: "_blank", rel: "noopener noreferrer", textContent: choice.label };
      return make("a", link);
    }
    const made = make("button", { name: choice.field, value: choice.value, textContent: choice.label });
    if (choice.lang) Object.assign(made, { lang: choice.lang, dir: "auto" });
    return made;
  }

  // Left alone where nothing changed, so that nobody loses the button that they are on.
  function buttons(rows) {
    const there = [...choices.querySelectorAll("button, a")].map((one) => one.value ?? one.getAttribute("href"));
    if (String(there) === String(rows.flat().map((one) => one.url || one.value))) return;
    choices.replaceChildren(...rows.map((row) => {
      const line = make("div", { className: row.length === 3 ? "row nav" : "row" });
      line.append(...row.map(button));
      return line;
    }));
  }

  // What the chat shows now. Another language or an emptied page changes everything round it, too: then it is loaded anew.
  function apply(screen) {
    // First of all: a receipt is told once, and a page loaded anew would not have it.
    if (screen.parting) return receipt(screen);
    if (said.parting === "yes") return;
    if (screen.lang !== document.documentElement.lang || screen.cleared !== Number(said.cleared)) {
      stale = true;
    } else if (started !== screen.started) {
      stale = true; // the header gets its buttons; or this browser has the chat no more
    }
    if (stale) return;
    if (screen.version < version) return;
    version = screen.version;
    const news = screen.messages.filter(show);
    forget(screen.shown);
    buttons(screen.rows);
    document.querySelector(".opening")?.remove();
    if (news.length) document.getElementById("newest").scrollIntoView({ block: "start" });
  }

  // Not before everything was sent that waits. The number makes it another address, so that it is truly loaded.
  function renew() {
    if (stale && !queue.length) location.replace(`/chat?at=${Date.now()}`);
  }

  // Everything was deleted: what stands here goes, too, and only the receipt stays.
  function receipt(screen) {
    if (events) events.close();
    events = null;
    said.parting = "yes";
    log.replaceChildren();
    document.querySelector(".tools").hidden = true;
    document.querySelector("footer").hidden = true;
    document.querySelector(".again").hidden = false;
    stale = false;
    screen.messages.forEach(show);
    buttons(screen.rows);
    document.querySelector(".opening")?.remove();
    document.getElementById("newest")?.scrollIntoView({ block: "start" });
  }

  // Sending

  async function post(path, body) {
    const answer = await fetch(`/api/chat/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.status >= 500 || answer.status === 429) throw new Error("later");
    return answer;
  }

  async function deliver(one) {
    // The cookie comes first: were it to come with the first words and be lost, the words sent again would be another's.
    if (!started) await post("start", {});
    const answer = await post(one.path, one.body);
    if (answer.ok) {
      if (one.item) note(one.item, "");
      apply(await answer.json());
    } else if (one.item) {
      note(one.item, said.notSent);
    }
  }

  async function flush() {
    if (sending) return;
    sending = true;
    while (queue.length) {
      try {
        await deliver(queue[0]);
        queue.shift();
        tries = 0;
        offline.hidden = true;
      } catch {
        offline.hidden = false;
        setTimeout(flush, RETRY[Math.min(tries++, RETRY.length - 1)]);
        break;
      }
    }
    sending = false;
    choices.removeAttribute("aria-busy");
    renew();
    if (!queue.length && !stale) listen();
  }

  function send(field, value) {
    const one = { path: field, body: { id: id(), [field]: value }, item: null };
    if (field === "words" && !value.startsWith("/")) {
      one.item = bubble({ id: "", version: 0, own: true, lang: "", dir: "auto", parts: [{ style: "text", text: value }] });
      one.item.dataset.local = value;
      note(one.item, said.sending);
      add(one.item);
      one.item.scrollIntoView({ block: "nearest" });
    }
    choices.setAttribute("aria-busy", "true");
    queue.push(one);
    flush();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.classList.contains("live")) return;
    event.preventDefault();
    const pressed = event.submitter;
    if (pressed && pressed.name) {
      send(pressed.name, pressed.value);
    } else if (words.value.trim()) {
      send("words", words.value.trim());
      words.value = "";
    }
  });

  // News

  async function refetch() {
    if (said.parting === "yes") return; // asked anew, the server knows nobody here, and the receipt would be lost
    try {
      const answer = await fetch(`/api/chat/messages?since=${version}`);
      if (answer.ok) apply(await answer.json());
      renew();
    } catch {
      offline.hidden = false;
    }
  }

  function listen() {
    if (events || !started || said.parting === "yes") return;
    events = new EventSource(`/api/chat/events?since=${version}`);
    events.onopen = () => { if (!queue.length) offline.hidden = true; };
    events.addEventListener("gone", () => { stale = true; renew(); });
    events.onmessage = (event) => { apply(JSON.parse(event.data)); renew(); };
    events.onerror = () => {
      // The browser tries again by itself, unless we were refused.
      if (events && events.readyState === EventSource.CLOSED) {
        events = null;
        refetch(); // perhaps there is no chat any more
        setTimeout(listen, RETRY[RETRY.length - 1]);
      }
    };
  }

  addEventListener("online", () => { flush(); refetch(); });
  addEventListener("offline", () => { offline.hidden = false; });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && started) refetch(); });

  // Leaving: Back does not lead here again.
  document.querySelector(".exit").addEventListener("click", (event) => {
    event.preventDefault();
    location.replace(event.currentTarget.href);
  });

  const copy = document.getElementById("copy");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById("code").textContent);
      copy.textContent = said.copied;
    });
  }

  document.documentElement.classList.add("live");
  if (started) document.getElementById("newest")?.scrollIntoView({ block: "start" });
  listen();
})();
