/** Keys that move the cursor, the same on charts, timeline and song list. */

import type { RunCursor } from './cursor.svelte.ts';

const STEP_S = 1;
const LONG_STEP_S = 10;

/** Acts on the key and says whether it was one of ours. */
export function moveByKey(event: KeyboardEvent, cursor: RunCursor): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const step_s = event.shiftKey ? LONG_STEP_S : STEP_S;
  const [from, to] = cursor.window ?? [0, cursor.length_s - 1];
  const acts: Record<string, () => void> = {
    ArrowLeft: () => cursor.step(-step_s),
    ArrowRight: () => cursor.step(step_s),
    Home: () => cursor.point(from),
    End: () => cursor.point(to),
    Escape: () => cursor.select(null),
  };
  const act = acts[event.key];
  if (!act) return false;
  act();
  event.preventDefault();
  return true;
}
