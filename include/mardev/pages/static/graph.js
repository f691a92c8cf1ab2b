// The graph on its page: loads it, follows mouse and keyboard, filters, searches, tells what is shown.
import { GraphPicture } from "./graph_draw.js";

const numberFormat = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

class GraphPage {
  constructor(holder) {
    this.holder = holder;
    this.canvas = holder.querySelector("canvas");
    this.card = holder.querySelector(".hover-card");
    this.status = holder.querySelector(".graph-status");
    this.isPlan = holder.dataset.mode === "plan";
  }

  async start() {
    try {
      this.data = await this.fetch();
    } catch (error) {
      this.status.textContent = error.message;
      return;
    }
    this.picture = new GraphPicture(this.canvas, this.data, this.isPlan);
    this.index = new Map(this.data.columns.channel_key.map((key, node) => [key, node]));
    this.tell();
    this.followMouse();
    this.followKeys();
    this.followTools();
    this.followFilters();
    this.writeLegend();
    new ResizeObserver(() => { this.picture.resize(); this.picture.showAll(); }).observe(this.holder);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.picture.readTheme();
      this.picture.drawEdgePicture();
    });
    document.addEventListener("plan-changed", async () => {
      this.data = await this.fetch();
      this.picture.load(this.data);
      this.picture.drawEdgePicture();
      this.tell();
    });
    this.holder.dataset.ready = "yes";
  }

  async fetch() {
    const answer = await fetch(this.holder.dataset.graph, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error((await answer.json()).detail ?? "The graph did not load.");
    return answer.json();
  }

  rankWords(node) {
    const { rank_no: rank, rank_best: best, rank_worst: worst } = this.data.columns;
    if (best[node] === null || best[node] === worst[node]) return rank[node];
    return `${rank[node]}, between ${best[node]} and ${worst[node]}`;
  }

  describe(node) {
    const { columns, names, communities } = this.data;
    const community = communities.find((one) => one.no === columns.community_no[node]);
    const facts = [
      ["Rank", this.rankWords(node)],
      ["Community", community?.label ?? "–"],
      ["Market", names.country[columns.country[node]] ?? "–"],
      ["Language", names.language[columns.language[node]] ?? "–"],
      ["Subscribers", columns.subscribers[node] === null ? "hidden" : numberFormat.format(columns.subscribers[node])],
      ["Views a day", columns.average_daily_views[node] === null ? "–" : numberFormat.format(columns.average_daily_views[node])],
      ["Followed here by", this.picture.followers[node].length],
      ["Follows here", this.picture.follows[node].length],
    ];
    if (columns.choice[node]) facts.push(["In the plan", columns.choice[node]]);
    return facts;
  }

  tell() {
    const { picture } = this;
    if (picture.selected >= 0) {
      const node = picture.selected;
      this.status.textContent = `${this.data.columns.title[node]}: followed by ${picture.followers[node].length} (solid lines), ` +
        `follows ${picture.follows[node].length} (dashed lines). Esc shows everything again.`;
      return;
    }
    const shown = picture.visible.reduce((sum, one) => sum + one, 0);
    if (this.isPlan) {
      const chosen = this.data.columns.choice.filter((choice) => choice === "chosen").length;
      this.status.textContent = `${chosen} chosen among ${picture.count.toLocaleString("en")} creators`;
    } else {
      this.status.textContent = shown === picture.count
        ? `${shown.toLocaleString("en")} creators`
        : `${shown.toLocaleString("en")} of ${picture.count.toLocaleString("en")} creators`;
    }
  }

  showCard(node, x, y) {
    const { card, picture } = this;
    picture.hovered = node;
    picture.draw();
    this.canvas.classList.toggle("over-node", node >= 0);
    card.hidden = node < 0;
    if (node < 0) return;
    const title = document.createElement("strong");
    title.textContent = this.data.columns.title[node];
    const list = document.createElement("dl");
    for (const [name, value] of this.describe(node)) {
      const term = document.createElement("dt");
      const text = document.createElement("dd");
      term.textContent = name;
      text.textContent = value;
      list.append(term, text);
    }
    card.replaceChildren(title, list);
    const left = Math.min(x + 16, picture.width - card.offsetWidth - 8);
    const top = Math.min(y + 16, picture.height - card.offsetHeight - 8);
    card.style.transform = `translate(${Math.max(left, 4)}px, ${Math.max(top, 4)}px)`;
  }

  choose(node, isCentred) {
    const { picture } = this;
    picture.select(node);
    if (node >= 0 && isCentred) {
      picture.lookAt(node);
      this.showCard(node, picture.width / 2, picture.height / 2);
    }
    this.tell();
  }

  followMouse() {
    const { canvas, picture } = this;
    const pointers = new Map();
    let travelled = 0;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
      travelled = 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      const now = place(event);
      const before = pointers.get(event.pointerId);
      if (!before) return this.showCard(picture.nodeAt(...now), ...now);
      const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
      travelled += Math.abs(dx) + Math.abs(dy);
      if (pointers.size === 2) {
        const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
        const gap = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
        picture.zoom(gap(now) / gap(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      } else {
        canvas.classList.add("moving");
        this.card.hidden = true;
        picture.pan(dx, dy);
      }
      pointers.set(event.pointerId, now);
    });
    const release = (event) => {
      const wasDown = pointers.delete(event.pointerId);
      canvas.classList.remove("moving");
      if (wasDown && event.type === "pointerup" && travelled < 5) this.choose(picture.nodeAt(...place(event)), false);
    };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("pointerleave", () => this.showCard(-1));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      picture.zoom(Math.exp(-event.deltaY * 0.0016), ...place(event));
    }, { passive: false });
  }

  followKeys() {
    const { picture } = this;
    const step = (direction) => {
      const isOffered = (node) => picture.visible[node] && (!this.isPlan || this.data.columns.choice[node] === "chosen");
      let node = this.walked ?? (direction > 0 ? -1 : picture.count);
      do node += direction; while (node >= 0 && node < picture.count && !isOffered(node));
      if (node < 0 || node >= picture.count) return;
      this.walked = node;
      picture.lookAt(node);
      this.showCard(node, picture.width / 2, picture.height / 2);
      this.status.textContent = `${this.data.columns.title[node]}: ` +
        this.describe(node).map(([name, value]) => `${name.toLowerCase()} ${value}`).join(", ");
    };
    const actions = {
      ArrowLeft: () => picture.pan(60, 0), ArrowRight: () => picture.pan(-60, 0),
      ArrowUp: () => picture.pan(0, 60), ArrowDown: () => picture.pan(0, -60),
      "+": () => picture.zoom(1.3), "=": () => picture.zoom(1.3), "-": () => picture.zoom(1 / 1.3),
      0: () => picture.showAll(), n: () => step(1), b: () => step(-1),
      Enter: () => this.walked !== undefined && this.choose(this.walked, true),
      Escape: () => { this.walked = undefined; this.showCard(-1); this.choose(-1); picture.showAll(); },
    };
    this.canvas.addEventListener("keydown", (event) => {
      const action = actions[event.key] ?? actions[event.key.toLowerCase()];
      if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      action();
    });
  }

  followTools() {
    const { picture } = this;
    const tools = {
      in: () => picture.zoom(1.4),
      out: () => picture.zoom(1 / 1.4),
      reset: () => { this.choose(-1); picture.showAll(); },
      edges: (button) => {
        picture.showsEdges = !picture.showsEdges;
        button.setAttribute("aria-pressed", String(picture.showsEdges));
        picture.drawEdgePicture();
      },
      png: async () => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await picture.toBlob());
        link.download = "influencer-graph.png";
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      },
    };
    for (const button of this.holder.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => tools[button.dataset.do](button));
    }
    if (this.isPlan) return;
    for (const button of document.querySelectorAll("[data-show]")) {
      button.addEventListener("click", () => {
        this.choose(this.index.get(button.dataset.show), true);
        this.holder.scrollIntoView({ block: "center" });
        this.canvas.focus({ preventScroll: true });
      });
    }
  }

  followFilters() {
    const form = document.getElementById("graph-filters");
    if (!form) return;
    const { columns } = this.data;
    form.addEventListener("submit", (event) => event.preventDefault());
    const selects = [...form.querySelectorAll("[data-filter]")];
    const apply = () => {
      const wanted = selects.filter((select) => select.value).map((select) => [columns[select.dataset.filter], select.value]);
      this.picture.selected = -1;
      this.picture.setVisible(
        Uint8Array.from(columns.x, (_, node) => (wanted.every(([values, value]) => String(values[node]) === value) ? 1 : 0)),
      );
      this.tell();
    };
    for (const select of selects) select.addEventListener("change", apply);
    this.applyFilters = apply;
    const search = document.getElementById("f-search");
    const names = document.getElementById("graph-names");
    const find = (text) => {
      const wanted = text.trim().toLocaleLowerCase();
      if (!wanted) return -1;
      const has = (node, test) => test((columns.title[node] ?? "").toLocaleLowerCase()) || test((columns.handle[node] ?? "").toLocaleLowerCase());
      const nodes = columns.title.map((_, node) => node);
      const exact = nodes.find((node) => has(node, (name) => name === wanted));
      const begins = nodes.find((node) => has(node, (name) => name.startsWith(wanted)));
      return exact ?? begins ?? nodes.find((node) => has(node, (name) => name.includes(wanted))) ?? -1;
    };
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLocaleLowerCase();
      const matches = wanted ? columns.title.filter((title) => title.toLocaleLowerCase().includes(wanted)).slice(0, 12) : [];
      names.replaceChildren(...matches.map((title) => Object.assign(document.createElement("option"), { value: title })));
      if (matches.includes(search.value)) this.choose(find(search.value), true);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const node = find(search.value);
      if (node < 0) this.status.textContent = `Nobody here is called “${search.value}”.`;
      else this.choose(node, true);
    });
  }

  writeLegend() {
    const legend = document.getElementById("community-legend");
    if (!legend || this.isPlan) return;
    const select = document.getElementById("f-vertical");
    for (const community of this.data.communities.slice(0, 16)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "small";
      const dot = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      dot.setAttribute("viewBox", "0 0 10 10");
      dot.setAttribute("aria-hidden", "true");
      const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      for (const [name, value] of [["cx", 5], ["cy", 5], ["r", 5], ["fill", this.picture.colourOf.get(community.no)]]) circle.setAttribute(name, value);
      dot.append(circle);
      button.append(dot, `${community.label} (${community.size.toLocaleString("en")})`);
      button.addEventListener("click", () => {
        select.value = select.value === String(community.no) ? "" : String(community.no);
        this.applyFilters();
      });
      const item = document.createElement("li");
      item.append(button);
      legend.append(item);
    }
  }
}

for (const holder of document.querySelectorAll("[data-graph]")) new GraphPage(holder).start();
