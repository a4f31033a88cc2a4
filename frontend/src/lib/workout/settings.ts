/** What a workout is asked to be: first guesses, ready-made plans, and what is left of them to send. */

import type { Block, BlockKind, Mode, Settings } from '#lib/live/messages.ts';

export const MODES: Mode[] = ['beat', 'heart', 'plan', 'manual'];
export const BLOCK_KINDS: BlockKind[] = ['warm_up', 'work', 'recovery', 'cool_down'];

export const settingsFor = (mode: Mode): Settings => ({
  mode,
  speed_kmh: null,
  target_low_bpm: null,
  target_high_bpm: null,
  ceiling_bpm: null,
  max_speed_kmh: null,
  max_incline_pct: null,
  blocks: [],
});

export type Lead = 'heart' | 'speed' | 'cadence' | 'none';

/** By what a part of a plan is led: the first that is given. */
export function leadOf(block: Block): Lead {
  if (block.target_low_bpm !== null || block.target_high_bpm !== null) return 'heart';
  if (block.cadence_spm !== null) return 'cadence';
  return block.speed_kmh !== null ? 'speed' : 'none';
}

export const blockOf = (kind: BlockKind, minutes: number, lead: Lead = 'none'): Block =>
  ledBy({ ...NOTHING, kind, duration_s: minutes * 60 }, lead);

/** The same part led by something else, from values that suit its kind. */
export function ledBy(block: Block, lead: Lead): Block {
  const is = TYPICAL[block.kind];
  const { kind, duration_s } = block;
  switch (lead) {
    case 'heart':
      return {
        ...NOTHING,
        kind,
        duration_s,
        target_low_bpm: is.low_bpm,
        target_high_bpm: is.high_bpm,
      };
    case 'speed':
      return { ...NOTHING, kind, duration_s, speed_kmh: is.speed_kmh };
    case 'cadence':
      return { ...NOTHING, kind, duration_s, cadence_spm: is.cadence_spm };
    case 'none':
      return { ...NOTHING, kind, duration_s };
  }
}

const NOTHING = {
  kind: 'work' as BlockKind,
  target_low_bpm: null,
  target_high_bpm: null,
  speed_kmh: null,
  cadence_spm: null,
};

const TYPICAL = {
  warm_up: { low_bpm: 110, high_bpm: 130, speed_kmh: 7, cadence_spm: 156 },
  work: { low_bpm: 150, high_bpm: 165, speed_kmh: 11, cadence_spm: 172 },
  recovery: { low_bpm: 115, high_bpm: 135, speed_kmh: 7, cadence_spm: 158 },
  cool_down: { low_bpm: 100, high_bpm: 120, speed_kmh: 5.5, cadence_spm: 120 },
};

const repeated = (times: number, ...blocks: Block[]): Block[] =>
  Array.from({ length: times }, () => blocks.map((block) => ({ ...block }))).flat();

export const PRESETS = {
  easy: [blockOf('warm_up', 5), blockOf('work', 20, 'heart'), blockOf('cool_down', 5)].map(
    (block, i) => (i === 1 ? { ...block, target_low_bpm: 130, target_high_bpm: 145 } : block),
  ),
  intervals: [
    blockOf('warm_up', 6),
    ...repeated(5, blockOf('work', 3, 'heart'), blockOf('recovery', 2)),
    blockOf('cool_down', 5),
  ],
  pyramid: [
    blockOf('warm_up', 6),
    ...[1, 2, 3, 2, 1].flatMap((minutes) => [
      blockOf('work', minutes, 'cadence'),
      blockOf('recovery', minutes),
    ]),
    blockOf('cool_down', 5),
  ],
} satisfies Record<string, Block[]>;

export type Preset = keyof typeof PRESETS;

export const planLength_s = (blocks: Block[]): number =>
  blocks.reduce((sum, { duration_s }) => sum + duration_s, 0);

/** A part moved up (-1) or down (1). */
export function moved(blocks: Block[], index: number, by: 1 | -1): Block[] {
  if (index + by < 0 || index + by >= blocks.length) return blocks;
  return blocks.toSpliced(index, 1).toSpliced(index + by, 0, blocks[index]);
}

/** Without what the chosen mode has no use for. */
export function sendable(settings: Settings): Settings {
  const { mode } = settings;
  const isHeart = mode === 'heart';
  return {
    ...settings,
    speed_kmh: mode === 'beat' ? settings.speed_kmh : null,
    target_low_bpm: isHeart ? settings.target_low_bpm : null,
    target_high_bpm: isHeart ? settings.target_high_bpm : null,
    blocks: mode === 'plan' ? settings.blocks : [],
  };
}

export type Flaw = 'no-target' | 'target-order' | 'target-above-ceiling' | 'no-plan';

/** What keeps settings from making sense; null when they do. */
export function flawOf(settings: Settings): Flaw | null {
  const { mode, target_low_bpm: low, target_high_bpm: high, ceiling_bpm, blocks } = settings;
  if (mode === 'plan') return blocks.length === 0 ? 'no-plan' : null;
  if (mode !== 'heart') return null;
  if (low === null || high === null) return 'no-target';
  if (low >= high) return 'target-order';
  return ceiling_bpm !== null && high > ceiling_bpm ? 'target-above-ceiling' : null;
}
