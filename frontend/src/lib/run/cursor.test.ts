import { describe, expect, it } from 'vitest';
import { RunCursor } from './cursor.svelte.ts';
import { moveByKey } from './keys.ts';

const plain = { mode: 'song', song: null, window: null } as const;
const song = (number: number | null, start_s: number, end_s: number) => ({
  number,
  start_s,
  end_s,
});
const press = (cursor: RunCursor, key: string, more: Partial<KeyboardEvent> = {}) =>
  moveByKey({ key, preventDefault: () => undefined, ...more } as KeyboardEvent, cursor);

describe('RunCursor', () => {
  it('points at whole seconds of the run only', () => {
    const cursor = new RunCursor(plain, 100);
    cursor.point(12.6);
    expect(cursor.cursor_s).toBe(13);
    cursor.point(250);
    expect(cursor.cursor_s).toBe(99);
    cursor.point(null);
    expect(cursor.cursor_s).toBeNull();
  });

  it('selects a song with its stretch, and lets go on the second time', () => {
    const cursor = new RunCursor(plain, 600);
    cursor.select(song(3, 100, 300));
    expect(cursor.view).toEqual({ mode: 'song', song: 3, window: [100, 300] });
    cursor.select(song(3, 100, 300));
    expect(cursor.view).toEqual(plain);
  });

  it('does not select silence', () => {
    const cursor = new RunCursor(plain, 600);
    cursor.select(song(null, 100, 300));
    expect(cursor.view).toEqual(plain);
  });

  it('keeps a window of the address inside the run, and drops one that is too narrow', () => {
    expect(new RunCursor({ ...plain, window: [50, 900] }, 100).window).toEqual([50, 100]);
    expect(new RunCursor({ ...plain, window: [500, 900] }, 100).window).toBeNull();
  });
});

describe('moveByKey', () => {
  it('moves by a second, with Shift by ten, within what is shown', () => {
    const cursor = new RunCursor({ ...plain, window: [50, 70] }, 100);
    press(cursor, 'ArrowRight');
    expect(cursor.cursor_s).toBe(50);
    press(cursor, 'ArrowRight', { shiftKey: true });
    expect(cursor.cursor_s).toBe(60);
    press(cursor, 'ArrowRight', { shiftKey: true });
    press(cursor, 'ArrowRight', { shiftKey: true });
    expect(cursor.cursor_s).toBe(70);
    press(cursor, 'ArrowLeft');
    expect(cursor.cursor_s).toBe(69);
  });

  it('lets go of everything with Escape', () => {
    const cursor = new RunCursor(plain, 600);
    cursor.select(song(3, 100, 300));
    press(cursor, 'Escape');
    expect(cursor.view).toEqual(plain);
  });

  it('leaves other keys, and the shortcuts of the browser, alone', () => {
    const cursor = new RunCursor(plain, 600);
    expect(press(cursor, 'a')).toBe(false);
    expect(press(cursor, 'ArrowLeft', { altKey: true })).toBe(false);
    expect(cursor.cursor_s).toBeNull();
  });
});
