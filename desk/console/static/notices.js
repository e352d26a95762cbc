// A notice is written without this file, too. With it, whom an audience would reach and how the words would look are
// shown while one chooses and types. Nothing is kept by that: a button keeps.
"use strict";

(() => {
  const WAIT = 400; // milliseconds after the last key

  function follow(form, target, ask) {
    if (!form || !target) return;
    let timer = null, latest = 0;
    async function show() {
      const mine = ++latest;
      try {
        const answer = await ask(new URLSearchParams(new FormData(form)));
        // What was asked earlier can be answered later.
        if (answer.ok && mine === latest) target.innerHTML = await answer.text();
      } catch { /* The network is away: what stands here stays. */ }
    }
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, WAIT); });
  }

  const audience = document.querySelector("form[data-count]"), words = document.querySelector("form[data-preview]");
  follow(audience, document.getElementById("count"), (asked) => fetch(`${audience.dataset.count}?${asked}`));
  follow(words, document.getElementById("preview"), (said) =>
    fetch(words.dataset.preview, { method: "POST", body: said }));

  // One button keeps all that was chosen and typed, so that a town is not lost with "Keep the text". The forms of the
  // other parts are kept first; one that is refused is sent last, as the page that follows says why.
  const parts = [...document.querySelectorAll("form[data-part]")];
  const said = (form) => new URLSearchParams(new FormData(form)).toString();
  const isChanged = (form) => {
    const asItCame = form.cloneNode(true);
    asItCame.reset();
    return said(form) !== said(asItCame);
  };
  const keep = async (form) => {
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      return answer.type === "opaqueredirect";
    } catch { return false; }
  };
  async function keepAll(form, others) {
    let refused = null;
    for (const one of others) if (!(await keep(one))) refused = one;
    if (refused && parts.includes(form)) await keep(form);
    (refused || form).submit();
  }
  let isLeaving = false;
  document.addEventListener("submit", (event) => {
    const form = event.target, others = parts.filter((one) => one !== form && isChanged(one));
    if (isLeaving || others.length) event.preventDefault();
    if (!isLeaving && others.length) keepAll(form, others);
    isLeaving = true;
  });
  addEventListener("pageshow", () => { isLeaving = false; });
  // A link would lose what was typed.
  addEventListener("beforeunload", (event) => { if (!isLeaving && parts.some(isChanged)) event.preventDefault(); });
})();

// The words for groups, into the clipboard; without this file one selects and copies them.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = button.closest("section").querySelector("textarea");
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
  });
}
