// Draws the follow graph on a canvas. Edges are the expensive part: they are drawn into a picture of their own, in
// slices, and while the view moves that picture is moved with it; it becomes sharp again when the view rests.

// Told apart with the common kinds of colour blindness (after Okabe and Ito, and Tol).
const PALETTE = [
  "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c6bb1", "#999933", "#44aa99", "#aa4466",
];
const PALETTE_ON_DARK = [
  "#4aa3df", "#f0b23e", "#3cc79b", "#e3a1c6", "#8fd0f5", "#f08a4b", "#b39ad8", "#c9c953", "#6fd0c2", "#e08aa2",
];
const OTHER_COLOUR = "#8a929c";
const BUTTONS_HEIGHT = 48; // CSS pixels
const EDGES_PER_PATH = 160;
const EDGES_PER_SLICE = 6000;
const REST_MS = 130;
const LABELS_AT_MOST = 45;

// A colour moved towards the ink, so that a name stays readable whatever its colour.
function mix(colour, ink, share) {
  const parts = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const [from, to] = [parts(colour), parts(ink)];
  return `rgb(${from.map((part, i) => Math.round(part + (to[i] - part) * share)).join(" ")})`;
}

export class GraphPicture {
  /**
   * @param canvas the canvas to draw on, sized by the style sheet
   * @param data answer of the route graph/data
   * @param isPlan whether the chosen of a plan matter most
   */
  constructor(canvas, data, isPlan) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.isPlan = isPlan;
    this.showsEdges = true;
    this.selected = -1;
    this.hovered = -1;
    this.edgePicture = null;
    this.edgeView = null;
    this.view = { x: 0, y: 0, scale: 1 };
    this.frame = 0;
    this.restTimer = 0;
    this.slices = 0;
    this.readTheme();
    this.load(data);
    this.resize();
    this.showAll();
  }

  load(data) {
    const columns = data.columns;
    const count = columns.x.length;
    this.columns = columns;
    this.names = data.names;
    this.communities = data.communities;
    this.count = count;
    this.edges = Int32Array.from(data.edges);
    this.visible = new Uint8Array(count).fill(1);
    const most = Math.max(...columns.influence, Number.MIN_VALUE);
    this.radius = Float32Array.from(columns.influence, (value) => 1.8 + 15 * Math.sqrt(Math.max(value, 0) / most));
    const slot = new Map(data.communities.map((community, number) => [community.no, number]));
    this.giveColours();
    this.slot = Int32Array.from(columns.community_no, (no) => slot.get(no) ?? -1);
    this.groupEdges();
    this.findNeighbours();
    this.centres = this.findCentres();
    this.edgePicture = null;
  }

  giveColours() {
    this.colourOf = new Map(
      (this.communities ?? []).map((community, number) => [community.no, this.palette[number] ?? OTHER_COLOUR]),
    );
  }

  colour(node) {
    return this.colourOf.get(this.columns.community_no[node]) ?? OTHER_COLOUR;
  }

  // Edges inside a community in its colour, edges between communities in grey.
  groupEdges() {
    const groups = new Map();
    for (let i = 0; i < this.edges.length; i += 2) {
      const from = this.slot[this.edges[i]];
      const group = from === this.slot[this.edges[i + 1]] ? from : -1;
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(i);
    }
    this.edgeGroups = [...groups].sort((one, other) => one[0] - other[0]);
  }

  findNeighbours() {
    this.followers = Array.from({ length: this.count }, () => []);
    this.follows = Array.from({ length: this.count }, () => []);
    for (let i = 0; i < this.edges.length; i += 2) {
      this.follows[this.edges[i]].push(this.edges[i + 1]);
      this.followers[this.edges[i + 1]].push(this.edges[i]);
    }
  }

  findCentres() {
    return this.communities.map((community) => {
      let x = 0;
      let top = Infinity;
      let size = 0;
      for (let node = 0; node < this.count; node += 1) {
        if (this.columns.community_no[node] !== community.no) continue;
        x += this.columns.x[node];
        top = Math.min(top, this.columns.y[node]);
        size += 1;
      }
      return { label: community.label, no: community.no, x: size ? x / size : 0, y: top, size };
    });
  }

  readTheme() {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(name).trim();
    this.theme = {
      paper: read("--card"), ink: read("--ink"), soft: read("--soft"), pale: read("--line-strong"),
      accent: read("--accent"), follower: read("--technology"), follows: read("--marketing"),
    };
    this.palette = matchMedia("(prefers-color-scheme: dark)").matches ? PALETTE_ON_DARK : PALETTE;
    this.giveColours();
    this.edgePicture = null;
  }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.width = Math.max(box.width, 50);
    this.height = Math.max(box.height, 50);
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    this.edgePicture = null;
    this.draw();
  }

  showAll() {
    if (!this.count) return;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let node = 0; node < this.count; node += 1) {
      left = Math.min(left, this.columns.x[node]);
      right = Math.max(right, this.columns.x[node]);
      top = Math.min(top, this.columns.y[node]);
      bottom = Math.max(bottom, this.columns.y[node]);
    }
    const height = Math.max(this.height - BUTTONS_HEIGHT, this.height / 2);
    const scale = 0.88 * Math.min(this.width / (right - left || 1), height / (bottom - top || 1));
    this.wholeScale = scale;
    // The buttons lie over the top of the picture: the middle of the graph moves down by half of them.
    this.view = { x: (left + right) / 2, y: (top + bottom) / 2 - (this.height - height) / 2 / scale, scale };
    this.moved();
  }

  zoom(factor, atX = this.width / 2, atY = this.height / 2) {
    const scale = Math.min(Math.max(this.view.scale * factor, this.wholeScale * 0.4), this.wholeScale * 60);
    const [x, y] = this.toWorld(atX, atY);
    this.view = { scale, x: x - (atX - this.width / 2) / scale, y: y - (atY - this.height / 2) / scale };
    this.moved();
  }

  pan(dx, dy) {
    this.view = { ...this.view, x: this.view.x - dx / this.view.scale, y: this.view.y - dy / this.view.scale };
    this.moved();
  }

  lookAt(node) {
    const scale = Math.max(this.view.scale, this.wholeScale * 1.8);
    this.view = { scale, x: this.columns.x[node], y: this.columns.y[node] };
    this.moved();
  }

  moved() {
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.drawEdgePicture(), REST_MS);
    this.draw();
  }

  select(node) {
    this.selected = node;
    this.drawEdgePicture();
  }

  setVisible(visible) {
    this.visible = visible;
    this.drawEdgePicture();
  }

  toWorld(x, y) {
    return [this.view.x + (x - this.width / 2) / this.view.scale, this.view.y + (y - this.height / 2) / this.view.scale];
  }

  toScreen(node) {
    return [
      (this.columns.x[node] - this.view.x) * this.view.scale + this.width / 2,
      (this.columns.y[node] - this.view.y) * this.view.scale + this.height / 2,
    ];
  }

  screenRadius(node) {
    const growth = Math.min(Math.max(Math.sqrt(this.view.scale / this.wholeScale), 0.75), 3.2);
    return this.radius[node] * growth * (this.isPlan && !this.columns.choice[node] ? 0.75 : 1);
  }

  nodeAt(x, y) {
    let best = -1;
    let nearest = Infinity;
    for (let node = 0; node < this.count; node += 1) {
      if (!this.visible[node]) continue;
      const [sx, sy] = this.toScreen(node);
      const distance = Math.hypot(sx - x, sy - y) - Math.max(this.screenRadius(node), 4);
      if (distance < 3 && distance < nearest) [best, nearest] = [node, distance];
    }
    return best;
  }

  neighbourhood() {
    if (this.selected < 0) return null;
    return new Set([this.selected, ...this.followers[this.selected], ...this.follows[this.selected]]);
  }

  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint(this.context, this.ratio);
    });
  }

  paint(context, ratio) {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = this.theme.paper;
    context.fillRect(0, 0, this.width, this.height);
    this.paintEdgePicture(context);
    const near = this.neighbourhood();
    if (near) this.paintNeighbourEdges(context);
    this.paintNodes(context, near);
    this.paintLabels(context, near);
  }

  paintEdgePicture(context) {
    if (!this.showsEdges || !this.edgePicture) return;
    const from = this.edgeView;
    const factor = this.view.scale / from.scale;
    const x = (from.x - this.view.x) * this.view.scale + this.width / 2 - (this.width / 2) * factor;
    const y = (from.y - this.view.y) * this.view.scale + this.height / 2 - (this.height / 2) * factor;
    context.globalAlpha = this.selected >= 0 ? 0.18 : 1;
    context.drawImage(this.edgePicture, x, y, this.width * factor, this.height * factor);
    context.globalAlpha = 1;
  }

  drawEdgePicture() {
    clearTimeout(this.restTimer);
    this.slices += 1;
    if (!this.showsEdges || !this.count) return this.draw();
    const picture = document.createElement("canvas");
    picture.width = this.canvas.width;
    picture.height = this.canvas.height;
    const context = picture.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const work = { picture, context, view: { ...this.view }, ticket: this.slices, group: 0, at: 0 };
    this.drawEdgeSlice(work);
  }

  drawEdgeSlice(work) {
    if (work.ticket !== this.slices) return; // The view moved on: a newer picture is being drawn.
    let left = EDGES_PER_SLICE;
    while (left > 0 && work.group < this.edgeGroups.length) {
      const [slot, list] = this.edgeGroups[work.group];
      const end = Math.min(work.at + EDGES_PER_PATH, list.length);
      this.strokeEdges(work.context, slot, list, work.at, end);
      left -= end - work.at;
      work.at = end;
      if (end === list.length) [work.group, work.at] = [work.group + 1, 0];
    }
    if (work.group < this.edgeGroups.length) {
      requestAnimationFrame(() => this.drawEdgeSlice(work));
      return;
    }
    this.edgePicture = work.picture;
    this.edgeView = work.view;
    this.draw();
  }

  strokeEdges(context, slot, list, start, end) {
    const { x, y } = this.columns;
    const { scale } = this.view;
    const toX = this.width / 2 - this.view.x * scale;
    const toY = this.height / 2 - this.view.y * scale;
    const thin = Math.min(1, Math.sqrt(9000 / Math.max(this.edges.length / 2, 1)));
    const closeness = Math.min(Math.max(scale / this.wholeScale, 1), 6);
    context.strokeStyle = slot < 0 ? this.theme.soft : (this.palette[slot] ?? OTHER_COLOUR);
    context.globalAlpha = (this.isPlan ? 0.07 : slot < 0 ? 0.09 : 0.17) * thin * (0.7 + 0.3 * closeness);
    context.lineWidth = 0.7;
    context.beginPath();
    for (let i = start; i < end; i += 1) {
      const from = this.edges[list[i]];
      const to = this.edges[list[i] + 1];
      if (!this.visible[from] || !this.visible[to]) continue;
      context.moveTo(x[from] * scale + toX, y[from] * scale + toY);
      context.lineTo(x[to] * scale + toX, y[to] * scale + toY);
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  paintNeighbourEdges(context) {
    const [sx, sy] = this.toScreen(this.selected);
    const lines = (nodes, colour, dash) => {
      context.strokeStyle = colour;
      context.setLineDash(dash);
      context.lineWidth = 1.2;
      context.globalAlpha = 0.55;
      context.beginPath();
      for (const node of nodes) {
        const [x, y] = this.toScreen(node);
        context.moveTo(sx, sy);
        context.lineTo(x, y);
      }
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    };
    lines(this.followers[this.selected], this.theme.follower, []);
    lines(this.follows[this.selected], this.theme.follows, [5, 4]);
  }

  // Plain nodes are filled as one path for each colour, which is many times faster than one by one.
  paintNodes(context, near) {
    const plain = new Map();
    const special = [];
    for (let node = this.count - 1; node >= 0; node -= 1) {
      const [x, y] = this.toScreen(node);
      const radius = this.screenRadius(node);
      if (x < -radius || y < -radius || x > this.width + radius || y > this.height + radius) continue;
      const isAway = !this.visible[node] || (near && !near.has(node));
      if (!isAway && (this.columns.choice[node] || radius > 6 || node === this.selected || node === this.hovered)) {
        special.push(node);
        continue;
      }
      const key = isAway ? "away" : this.colour(node);
      if (!plain.has(key)) plain.set(key, new Path2D());
      const shown = isAway ? Math.min(radius, 2.2) : radius;
      plain.get(key).moveTo(x + shown, y);
      plain.get(key).arc(x, y, shown, 0, 2 * Math.PI);
    }
    for (const [colour, path] of [...plain].sort(([one], [other]) => (one === "away" ? -1 : other === "away" ? 1 : 0))) {
      context.globalAlpha = colour === "away" ? 0.28 : this.isPlan ? 0.3 : 0.9;
      context.fillStyle = colour === "away" ? this.theme.pale : colour;
      context.fill(path);
    }
    for (const node of special) this.paintNode(context, node);
    context.globalAlpha = 1;
  }

  paintNode(context, node) {
    const [x, y] = this.toScreen(node);
    const radius = this.screenRadius(node);
    const choice = this.columns.choice[node];
    const isPlanned = choice === "chosen" || choice === "reserve";
    context.globalAlpha = this.isPlan && !isPlanned ? 0.3 : 0.95;
    context.fillStyle = choice === "reserve" && this.isPlan ? this.theme.paper : this.colour(node);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = isPlanned ? 2.2 : 1;
    context.strokeStyle = this.theme.paper;
    if (choice === "chosen") context.strokeStyle = this.theme.ink;
    if (choice === "reserve") context.strokeStyle = this.isPlan ? this.colour(node) : this.theme.soft;
    context.setLineDash(choice === "reserve" ? [3, 2] : []);
    context.stroke();
    context.setLineDash([]);
    if (node !== this.selected && node !== this.hovered) return;
    context.lineWidth = 3;
    context.strokeStyle = this.theme.accent;
    context.beginPath();
    context.arc(x, y, radius + 3, 0, 2 * Math.PI);
    context.stroke();
  }

  paintLabels(context, near) {
    const taken = [];
    const isFree = (box) => taken.every(
      (other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3],
    );
    const write = (text, x, y, colour) => {
      context.lineWidth = 3.5;
      context.lineJoin = "round";
      context.strokeStyle = this.theme.paper;
      context.strokeText(text, x, y);
      context.fillStyle = colour;
      context.fillText(text, x, y);
    };
    context.textBaseline = "middle";
    this.paintCommunityNames(context, write, taken, isFree, near);
    context.textAlign = "left";
    let written = 0;
    const first = this.columns.choice.map((choice, node) => (choice === "chosen" ? node : -1)).filter((node) => node >= 0);
    const order = this.isPlan ? first : [...(this.selected >= 0 ? [this.selected] : []), ...Array(this.count).keys()];
    for (const node of order) {
      if (written >= LABELS_AT_MOST) break;
      if (!this.visible[node] || (near && !near.has(node))) continue;
      const radius = this.screenRadius(node);
      const isNamed = this.isPlan || node === this.selected || radius > 8.5 || (near && radius > 4.5);
      if (!isNamed) continue;
      const [x, y] = this.toScreen(node);
      if (x < 0 || y < 0 || x > this.width || y > this.height) continue;
      const size = node === this.selected ? 14 : Math.min(10.5 + radius / 6, 14);
      context.font = `${node === this.selected ? 700 : 500} ${size}px system-ui, "Noto Sans CJK JP", sans-serif`;
      const title = this.columns.title[node];
      const text = title.length > 28 ? `${title.slice(0, 27)}…` : title;
      const wide = context.measureText(text).width;
      const left = x + radius + 4 + wide > this.width ? x - radius - 4 - wide : x + radius + 4;
      const box = [left - 2, y - size / 2 - 1, left + wide + 2, y + size / 2 + 1];
      if (node !== this.selected && !isFree(box)) continue;
      taken.push(box);
      write(text, left, y, this.theme.ink);
      written += 1;
    }
  }

  paintCommunityNames(context, write, taken, isFree, near) {
    if (near || this.view.scale > this.wholeScale * 5) return;
    context.textAlign = "center";
    for (const centre of this.centres) {
      if (centre.size < 3) continue;
      const x = (centre.x - this.view.x) * this.view.scale + this.width / 2;
      const y = (centre.y - this.view.y) * this.view.scale + this.height / 2 - 14;
      const size = Math.min(12.5 + Math.sqrt(centre.size) / 3, 19);
      context.font = `700 ${size}px system-ui, "Noto Sans CJK JP", sans-serif`;
      const half = context.measureText(centre.label).width / 2;
      const box = [x - half - 3, y - size / 2 - 2, x + half + 3, y + size / 2 + 2];
      if (!isFree(box)) continue;
      taken.push(box);
      write(centre.label, x, y, mix(this.colourOf.get(centre.no), this.theme.ink, 0.45));
    }
  }

  /** The picture as it is shown, at twice the resolution. */
  toBlob() {
    const copy = document.createElement("canvas");
    copy.width = Math.round(this.width * 2);
    copy.height = Math.round(this.height * 2);
    this.paint(copy.getContext("2d"), 2);
    return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
  }
}
