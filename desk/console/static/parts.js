// A page of several forms, each a part of one thing: a notice, an event, a survey. Without this file each button keeps
// its own part.
"use strict";

(() => {
  // One button keeps all that was chosen and typed, so that a town is not lost with "Save the text". The forms of the
  // other parts are kept first; one that is refused is sent last, as the page that follows says why.
  const parts = [...document.querySelectorAll("form[data-part]")];
  // Keeping one of these tells people something, so no other button does it along the way: that one has to wait.
  const alone = [...document.querySelectorAll("form[data-alone]")];
  const said = (form) => new URLSearchParams(new FormData(form)).toString();
  const isChanged = (form) => {
    if ("refused" in form.dataset) return true; // as it came, it was typed
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
  async function keepAll(form, button, others) {
    let refused = null;
    for (const one of others) if (!(await keep(one))) refused = one;
    if (refused && parts.includes(form)) await keep(form);
    // A form that sends itself does not tell which of its buttons was pressed.
    const pressed = { type: "hidden", name: button?.name, value: button?.value };
    if (button?.name) form.append(Object.assign(document.createElement("input"), pressed));
    (refused || form).submit();
  }
  let isLeaving = false;
  document.addEventListener("submit", (event) => {
    const form = event.target, undecided = alone.find((one) => one !== form && isChanged(one));
    if (undecided) {
      event.preventDefault();
      const warning = undecided.querySelector("[data-unsaved]");
      warning.hidden = false;
      warning.scrollIntoView({ block: "center" });
      warning.querySelector("button").focus({ preventScroll: true });
      return;
    }
    const others = parts.filter((one) => one !== form && isChanged(one));
    if (isLeaving || others.length) event.preventDefault();
    if (!isLeaving && others.length) keepAll(form, event.submitter, others);
    isLeaving = true;
  });
  addEventListener("pageshow", () => { isLeaving = false; });
  // A link would lose what was typed.
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && [...parts, ...alone].some(isChanged)) event.preventDefault();
  });
  document.addEventListener("reset", (event) => {
    delete event.target.dataset.refused;
    event.target.querySelector("[data-unsaved]")?.setAttribute("hidden", "");
  });
})();
