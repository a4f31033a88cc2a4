/** Pointer, wheel and keys as moves of the map: drag, pinch, zoom around a place. */

import { dragged, zoomed, type View } from './view.ts';

const WHEEL_PX = 300;
const KEY_PX = 80;
/** Less is a click. */
const LEAST_DRAG_PX = 5;

interface Moved {
  view: () => View;
  onmove: (view: View) => void;
  /** Something was pointed at, or nothing any more; in pixels from the upper left corner. */
  onpoint: (at: [number, number] | null) => void;
  onpick: (at: [number, number]) => void;
}

/** Listens to an element until the function returned is called. */
export function listenTo(element: HTMLElement, { view, onmove, onpoint, onpick }: Moved) {
  const pointers = new Map<number, [number, number]>();
  let far_px = 0;

  const placeOf = (event: MouseEvent): [number, number] => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const fromMiddle = ([x, y]: [number, number]): [number, number] => [
    x - element.clientWidth / 2,
    y - element.clientHeight / 2,
  ];

  function down(event: PointerEvent) {
    if (event.button !== 0) return;
    if (pointers.size === 0) far_px = 0;
    pointers.set(event.pointerId, placeOf(event));
    element.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent) {
    const at = placeOf(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      onpoint(at);
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, at);
    const by: [number, number] = [at[0] - before[0], at[1] - before[1]];
    far_px += Math.hypot(...by);
    if (!other) {
      onmove(dragged(view(), ...by));
      return;
    }
    const apart = (a: [number, number]) =>
      Math.max(1, Math.hypot(a[0] - other[0], a[1] - other[1]));
    const middle: [number, number] = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
    const grown = Math.log2(apart(at) / apart(before));
    onmove(zoomed(dragged(view(), by[0] / 2, by[1] / 2), grown, ...fromMiddle(middle)));
  }

  function up(event: PointerEvent) {
    const wasDown = pointers.delete(event.pointerId);
    if (wasDown && pointers.size === 0 && far_px < LEAST_DRAG_PX) onpick(placeOf(event));
  }

  function wheel(event: WheelEvent) {
    event.preventDefault();
    const by = -event.deltaY * (event.deltaMode === 1 ? 30 : 1);
    onmove(zoomed(view(), by / WHEEL_PX, ...fromMiddle(placeOf(event))));
  }

  function key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== element) return;
    const moves: Record<string, () => View> = {
      ArrowLeft: () => dragged(view(), KEY_PX, 0),
      ArrowRight: () => dragged(view(), -KEY_PX, 0),
      ArrowUp: () => dragged(view(), 0, KEY_PX),
      ArrowDown: () => dragged(view(), 0, -KEY_PX),
      '+': () => zoomed(view(), 1),
      '=': () => zoomed(view(), 1),
      '-': () => zoomed(view(), -1),
    };
    const next = moves[event.key];
    if (!next) return;
    event.preventDefault();
    onmove(next());
  }

  const stop = new AbortController();
  const { signal } = stop;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  element.addEventListener('pointerleave', () => onpoint(null), { signal });
  element.addEventListener('wheel', wheel, { signal, passive: false });
  element.addEventListener('keydown', key, { signal });
  element.addEventListener(
    'dblclick',
    (event) => onmove(zoomed(view(), 1, ...fromMiddle(placeOf(event)))),
    { signal },
  );
  return () => stop.abort();
}
