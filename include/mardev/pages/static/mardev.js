// What every page needs: the frame of Airflow, copying, reasons, and changes that redraw a part of the page.
"use strict";
(() => {
  const isFramed = window.self !== window.top;
  const live = document.getElementById("live");
  let hiding = 0;

  function say(text) {
    live.textContent = text;
    live.classList.add("shown");
    clearTimeout(hiding);
    hiding = setTimeout(() => live.classList.remove("shown"), 3500);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy"); // The way left where the page is served without https.
      area.remove();
    }
    say("Copied");
  }

  function showOwnAddress() {
    document.getElementById("own-address").textContent = window.location.href;
    document.getElementById("framed").hidden = false;
  }

  // Airflow's frame allows neither new windows nor leaving it: give the address instead of a dead link.
  function tameOutwardLinks(root) {
    for (const link of root.querySelectorAll("a.outward")) {
      if (!isFramed) {
        if (link.origin !== window.location.origin) link.target = "_blank";
        continue;
      }
      link.title = "Copies the address: this frame cannot leave Airflow's page";
      link.addEventListener("click", (event) => {
        event.preventDefault();
        copy(link.href);
      });
    }
  }

  function askForReasons(root) {
    for (const button of root.querySelectorAll("form.answer button")) {
      button.addEventListener("click", () => button.form.querySelector("textarea").setCustomValidity(""));
    }
    for (const button of root.querySelectorAll("[data-needs-reason]")) {
      button.addEventListener("click", (event) => {
        const area = document.getElementById(button.dataset.needsReason);
        if (area.value.trim()) return;
        event.preventDefault();
        area.focus();
        area.setCustomValidity("Write one sentence: the others will read it.");
        area.reportValidity();
        area.addEventListener("input", () => area.setCustomValidity(""), { once: true });
      });
    }
  }

  async function sendForm(form, submitter) {
    const holder = document.getElementById(form.dataset.fragment);
    const body = new URLSearchParams(new FormData(form, submitter));
    const row = form.closest("tr")?.id;
    for (const button of holder.querySelectorAll("button")) button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" } });
      if (answer.status === 401) return window.location.reload();
      if (!answer.ok) throw new Error((await answer.json()).detail);
      holder.innerHTML = await answer.text(); // Rendered and escaped by our own server.
      prepare(holder);
      say("Changed, totals are up to date");
      const now = document.getElementById("seen-now");
      for (const field of document.querySelectorAll("input[name=seen]")) field.value = now.value;
      (row && document.getElementById(row)?.querySelector("button, input:not([type=hidden])"))?.focus({ preventScroll: true });
      document.dispatchEvent(new CustomEvent("plan-changed"));
    } catch (error) {
      for (const button of holder.querySelectorAll("button")) button.disabled = false;
      const problem = holder.querySelector("#plan-problem");
      problem.textContent = error.message || "The change did not get through. Try again.";
      problem.hidden = false;
      problem.scrollIntoView({ block: "nearest" });
    }
  }

  function prepare(root) {
    tameOutwardLinks(root);
    askForReasons(root);
    for (const form of root.querySelectorAll("form[data-fragment]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        sendForm(form, event.submitter);
      });
    }
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy).textContent));
  }
  for (const link of document.querySelectorAll("[data-back]")) {
    link.addEventListener("click", (event) => {
      if (history.length < 2) return;
      event.preventDefault();
      history.back();
    });
  }
  for (const select of document.querySelectorAll("[data-navigate]")) {
    select.addEventListener("change", () => select.form.submit());
  }
  if (isFramed) showOwnAddress();
  prepare(document);
})();
