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
})();

// The words for groups, into the clipboard; without this file one selects and copies them.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = button.closest("section").querySelector("textarea");
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
  });
}
