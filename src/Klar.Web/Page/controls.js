// Mouse, fingers and keys on the viewer's canvas.
/** @typedef {import("./view.js").Point} Point */
/** @typedef {import("./viewer.js").Viewer} Viewer */

const PAN = 48, CLICK = 2, NOTCH = 60, WHEEL_SPEED = 1.0015, PINCH_SPEED = 1.01;

const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/**
 * Wheel and two fingers zoom, one moves or does what the tool does; in a stack the wheel goes through the slices.
 * @param {Viewer} viewer
 * @param {HTMLCanvasElement} canvas
 */
export function attachPointers(viewer, canvas) {
  /** @type {Map<number, PointerEvent>} */
  const pointers = new Map();
  /** @type {{ tool: "move" | "line" | "region", from: Point, moved: boolean }} */
  let held = { tool: "move", from: { x: 0, y: 0 }, moved: false };
  let turned = 0;

  canvas.addEventListener("wheel", event => {
    event.preventDefault();
    if (!event.ctrlKey && !event.metaKey && slices(event)) return;
    // A pinch on a trackpad comes as a wheel with Ctrl and small steps.
    const speed = event.ctrlKey && Math.abs(event.deltaY) < 50 ? PINCH_SPEED : WHEEL_SPEED;
    viewer.zoomTo(viewer.zoom * speed ** -event.deltaY, viewer.inPort(event));
  }, { passive: false });
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    // Shift draws one line; the tool stays what it was.
    held = { tool: event.shiftKey ? "line" : viewer.toolbar.tool, from: viewer.under(event), moved: false };
  });
  canvas.addEventListener("pointermove", event => {
    const before = pointers.get(event.pointerId);
    if (!before) viewer.hover(event);
    else if (pointers.size === 2) pinch(before, event);
    else if (held.moved || Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) > CLICK) {
      drag(before, event);
      held.moved = true;
    } else return;
    if (before) pointers.set(event.pointerId, event);
  });
  const end = (/** @type {PointerEvent} */ event) => {
    const wasClick = pointers.size === 1 && !held.moved && event.type === "pointerup";
    pointers.delete(event.pointerId);
    if (wasClick && viewer.hasPicture) viewer.clicked(viewer.under(event));
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("dblclick", () => viewer.fit());

  /** @param {PointerEvent} before @param {PointerEvent} now */
  function drag(before, now) {
    if (held.tool === "line") viewer.setLine([held.from, viewer.under(now)]);
    else if (held.tool === "region") viewer.setArea([held.from, viewer.under(now)]);
    else {
      const [from, to] = [viewer.inPort(before), viewer.inPort(now)];
      viewer.pan(to.x - from.x, to.y - from.y);
    }
    viewer.hover(now, true);
  }

  /** A notch of the wheel is a slice; whether there are slices. @param {WheelEvent} event */
  function slices(event) {
    turned += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * NOTCH;
    const steps = Math.trunc(turned / NOTCH);
    turned -= steps * NOTCH;
    return viewer.steps(steps);
  }

  /** What lies between two fingers stays there. @param {PointerEvent} before @param {PointerEvent} now */
  function pinch(before, now) {
    const still = [...pointers.values()].find(one => one.pointerId !== now.pointerId);
    if (!still) return;
    const other = viewer.inPort(still), [from, to] = [viewer.inPort(before), viewer.inPort(now)];
    const apart = (/** @type {Point} */ a) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
    viewer.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
    viewer.zoomTo((viewer.zoom * apart(to)) / apart(from), { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 });
  }
}

/**
 * The curtain as a slider: by dragging, and by keys as any slider.
 * @param {Viewer} viewer
 * @param {HTMLElement} curtain
 */
export function attachCurtain(viewer, curtain) {
  curtain.addEventListener("pointerdown", event => curtain.setPointerCapture(event.pointerId));
  curtain.addEventListener("pointermove", event => {
    if (event.buttons) viewer.hang(viewer.share(event));
    else viewer.hover(event);
  });
  curtain.addEventListener("keydown", event => {
    const step = event.shiftKey ? 0.1 : 0.02,
      moves = /** @type {Record<string, number>} */ ({
        ArrowLeft: -step,
        ArrowDown: -step,
        ArrowRight: step,
        ArrowUp: step,
        Home: -1,
        End: 1,
      });
    if (!(event.key in moves)) return;
    event.preventDefault();
    viewer.hang(viewer.curtainAt + moves[event.key]);
  });
}

/**
 * Everything by keys, while the canvas has the focus.
 * @param {Viewer} viewer
 * @param {HTMLCanvasElement} canvas
 */
export function attachKeys(viewer, canvas) {
  const keys = /** @type {Record<string, () => void>} */ ({
    "+": () => viewer.zoomTo(viewer.zoom * 1.5),
    "=": () => viewer.zoomTo(viewer.zoom * 1.5),
    "-": () => viewer.zoomTo(viewer.zoom / 1.5),
    "0": () => viewer.fit(),
    "1": () => viewer.zoomTo(1),
    "[": () => viewer.hang(viewer.curtainAt - 0.05),
    "]": () => viewer.hang(viewer.curtainAt + 0.05),
    " ": () => viewer.turn(),
    a: () => viewer.contrast.auto(),
    m: () => viewer.nextMode(),
    l: () => viewer.setRow(),
    ",": () => viewer.steps(-1),
    ".": () => viewer.steps(1),
    Escape: () => {
      viewer.setLine(null);
      viewer.setArea(null);
    },
  });
  canvas.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !viewer.hasPicture) return;
    const arrow = ARROWS[event.key], act = keys[event.key];
    if (arrow && event.shiftKey) viewer.step(...arrow);
    else if (arrow) viewer.pan(-arrow[0] * PAN * viewer.ratio, -arrow[1] * PAN * viewer.ratio);
    else if (act) act();
    else return;
    event.preventDefault();
  });
}
