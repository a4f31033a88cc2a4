import { describe, expect, it } from 'vitest';
import {
  blockOf,
  BLOCK_KINDS,
  flawOf,
  leadOf,
  ledBy,
  moved,
  planLength_s,
  PRESETS,
  sendable,
  settingsFor,
} from './settings.ts';

describe('plans', () => {
  it.each(Object.entries(PRESETS))(
    '%s warms up, works and cools down within the hour',
    (_, blocks) => {
      expect(blocks[0].kind).toBe('warm_up');
      expect(blocks.at(-1)?.kind).toBe('cool_down');
      expect(blocks.some(({ kind }) => kind === 'work')).toBe(true);
      expect(planLength_s(blocks)).toBeGreaterThan(25 * 60);
      expect(planLength_s(blocks)).toBeLessThan(60 * 60);
    },
  );

  it.each(BLOCK_KINDS)('can lead %s by one thing at a time', (kind) => {
    for (const lead of ['heart', 'speed', 'cadence', 'none'] as const) {
      const block = ledBy(blockOf(kind, 4, 'heart'), lead);
      expect(leadOf(block)).toBe(lead);
      expect(block.duration_s).toBe(240);
    }
  });

  it('can be put in another order', () => {
    const blocks = [blockOf('warm_up', 1), blockOf('work', 2), blockOf('cool_down', 3)];
    expect(moved(blocks, 1, -1).map(({ kind }) => kind)).toEqual(['work', 'warm_up', 'cool_down']);
    expect(moved(blocks, 0, -1)).toBe(blocks);
    expect(moved(blocks, 2, 1)).toBe(blocks);
  });
});

describe('settings', () => {
  it('are sent without what their mode has no use for', () => {
    const all = {
      ...settingsFor('beat'),
      speed_kmh: 9,
      target_low_bpm: 120,
      target_high_bpm: 140,
      ceiling_bpm: 170,
      blocks: PRESETS.easy,
    };
    expect(sendable(all)).toEqual({ ...settingsFor('beat'), speed_kmh: 9, ceiling_bpm: 170 });
    expect(sendable({ ...all, mode: 'heart' }).target_high_bpm).toBe(140);
    expect(sendable({ ...all, mode: 'plan' }).blocks).toBe(PRESETS.easy);
  });

  it('say what they lack', () => {
    const heart = { ...settingsFor('heart'), target_low_bpm: 140, target_high_bpm: 150 };
    expect(flawOf(heart)).toBeNull();
    expect(flawOf({ ...heart, target_low_bpm: null })).toBe('no-target');
    expect(flawOf({ ...heart, target_low_bpm: 150 })).toBe('target-order');
    expect(flawOf({ ...heart, ceiling_bpm: 149 })).toBe('target-above-ceiling');
    expect(flawOf(settingsFor('plan'))).toBe('no-plan');
    expect(flawOf(settingsFor('manual'))).toBeNull();
  });
});
