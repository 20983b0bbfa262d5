// What the page does without asking the server: marks light up their cards, copying, saving. No other host is called.
(() => {
  const card = (mark) => document.getElementById(decodeURIComponent(mark.getAttribute("href").slice(1)));
  const light = (mark, on) => { const found = card(mark); if (found) found.classList.toggle("fn-lit", on); };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  for (const [name, on] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
    document.addEventListener(name, (event) => {
      const mark = event.target.closest && event.target.closest("a.fn-mark");
      if (mark) { light(mark, on); if (on && name === "mouseover") within(card(mark)); }
    });
  }

  // A card beside the answer may stand outside its scrolling column: move that column, never the page.
  function within(found) {
    const column = found && found.closest(".fn-cards");
    if (!column || column.scrollHeight <= column.clientHeight) return;
    column.scrollTo({ top: found.offsetTop - column.offsetTop - 8, behavior: calm.matches ? "auto" : "smooth" });
  }

  async function copy(text, button) {
    let done = false;
    try { await navigator.clipboard.writeText(text); done = true; } catch (refused) {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
    }
    const label = button.textContent;
    button.textContent = done ? "Copied" : "Copying was refused";
    setTimeout(() => { button.textContent = label; }, 1500);
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("a.fn-mark");
    const copying = event.target.closest("[data-copy]");
    const linking = event.target.closest("[data-link]");
    const asking = event.target.closest("[data-ask]");
    if (mark) {
      event.preventDefault();
      const found = card(mark);
      if (found) { found.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" }); found.focus({ preventScroll: true }); }
    } else if (copying) {
      copy(copying.dataset.copy, copying);
    } else if (asking) {
      event.preventDefault();
      fill(asking.dataset.ask);
    } else if (linking) {
      event.preventDefault();
      copy(linking.href, linking);
    }
  });

  // Put a question into the box of the first tab, ready to be asked.
  function fill(question) {
    const tab = document.querySelector('#tabs button[role="tab"]');
    const box = document.querySelector("#question textarea");
    if (!tab || !box) return;
    tab.click();
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => box.focus());
  }

  // The quoted words of a long abstract are in sight as soon as its card is there.
  const seen = new WeakSet();
  function showQuotes() {
    for (const box of document.querySelectorAll(".fn-abstract")) {
      const quote = box.querySelector("mark");
      if (!quote || seen.has(box) || !box.clientHeight) continue;
      seen.add(box);
      // By whole lines, one of them before the quote, so that no line is cut in half.
      const line = parseFloat(getComputedStyle(box).lineHeight) || 20;
      const before = quote.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
      box.scrollTop = Math.max(0, Math.round(before / line - 1) * line);
    }
  }

  window.footnote = {
    keep: (kept) => { try { sessionStorage.setItem("footnote", kept || ""); } catch (full) { /* only a reload forgets */ } },
    kept: () => { try { return sessionStorage.getItem("footnote") || ""; } catch (refused) { return ""; } },
    asked: () => { const q = new URLSearchParams(location.search).get("q") || ""; if (q) history.replaceState(null, "", location.pathname); return q; },
    latest: () => requestAnimationFrame(() => {
      showQuotes();
      const turns = document.querySelectorAll(".fn-turn");
      if (turns.length > 1) turns[turns.length - 1].scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    }),
    opened: () => requestAnimationFrame(() => {
      const view = document.querySelector("#paper");
      if (view && view.getBoundingClientRect().top > innerHeight * 0.6) view.scrollIntoView({ block: "start" });
    }),
    save: (name, text) => {
      if (!text) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
  };
  new MutationObserver(() => requestAnimationFrame(showQuotes)).observe(document.documentElement, { childList: true, subtree: true });
})();
