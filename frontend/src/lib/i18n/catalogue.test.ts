import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { t } from './index.ts';

/** Values of a Python `class Name(StrEnum)`, read from its source. */
function codesOf(file: string, name: string): string[] {
  const root = new URL('../../../../src/beatrunner/', import.meta.url);
  const source = readFileSync(new URL(file, root), 'utf8');
  const body = source.split(`class ${name}(StrEnum):`)[1].split(/\n\S/)[0];
  return [...body.matchAll(/^ {4}[A-Z_]+ = "([^"]+)"/gm)].map(([, value]) => value);
}

const sorted = (words: Iterable<string>) => [...words].sort();

describe('every code of the server has words, and no other', () => {
  it('for refused files', () => {
    const codes = codesOf('core/refusals.py', 'Refusal');
    expect(codes.length).toBeGreaterThan(10);
    expect(sorted(Object.keys(t.refusals))).toEqual(sorted(codes));
  });

  it('for repairs', () => {
    expect(sorted(Object.keys(t.repairs))).toEqual(
      sorted(codesOf('core/recording.py', 'RepairCode')),
    );
  });

  it('for outcomes of an import', () => {
    expect(sorted(Object.keys(t.imports.outcome))).toEqual(
      sorted(['all', ...codesOf('imports/outcomes.py', 'Outcome')]),
    );
  });

  it('for kinds of files', () => {
    expect(sorted(Object.keys(t.imports.kind))).toEqual(
      sorted(codesOf('codecs/sniff.py', 'FileKind')),
    );
  });

  it('for what the belt does, its alarms and locks, and why', () => {
    const governor = (name: string) => sorted(codesOf('core/governor/verdict.py', name));
    expect(sorted(Object.keys(t.live.shown))).toEqual(governor('Shown'));
    expect(sorted(Object.keys(t.live.beltLock))).toEqual(governor('Lock'));
    expect(sorted(Object.keys(t.live.reason))).toEqual(governor('Reason'));
    expect(Object.keys(t.live.alarm)).toEqual(expect.arrayContaining(governor('Alarm')));
  });

  it('for what leads the belt, and why', () => {
    const controller = (file: string, name: string) =>
      sorted(codesOf(`core/controller/${file}.py`, name));
    expect(sorted(Object.keys(t.workout.modes))).toEqual(controller('goal', 'Mode'));
    expect(sorted(Object.keys(t.workout.plan.kinds))).toEqual(controller('goal', 'BlockKind'));
    expect(sorted(Object.keys(t.live.beatLock))).toEqual(controller('advice', 'LockState'));
    expect(sorted(Object.keys(t.live.advice))).toEqual(controller('advice', 'Reason'));
  });

  it('for what concerns the safety of an account', () => {
    expect(sorted(Object.keys(t.security.events))).toEqual(
      sorted(codesOf('accounts/security_events.py', 'SecurityEvent')),
    );
  });

  it('for sports', () => {
    const root = new URL('../../../../src/beatrunner/core/sports.py', import.meta.url);
    const codes = [...readFileSync(root, 'utf8').matchAll(/"([a-z_]+)"/g)].map(([, code]) => code);
    expect(sorted(Object.keys(t.runs.sport))).toEqual(sorted(new Set(codes)));
  });
});

/** Every text of the catalogue, with functions called on small numbers. */
function* texts(value: unknown, path: string): Generator<[string, string]> {
  if (typeof value === 'string') yield [path, value];
  else if (typeof value === 'function') {
    for (const count of [0, 1, 2, 1234]) yield [path, String(value(count, count, count, count))];
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) yield* texts(part, `${path}.${name}`);
  }
}

describe('the texts', () => {
  const all = [...texts(t, 't')];

  it.each(all)('%s: %s', (_, text) => {
    expect(text.trim()).toBe(text);
    expect(text).not.toBe('');
    // Figures are filled in, typewriter quotes and internal words stay out; what another service
    // writes on its button stands in quotes.
    expect(text.replace('“JSON”', '')).not.toMatch(
      /#|"|\bundefined\b|\bNaN\b|\bUUID\b|\bAPI\b|\bJSON\b|\btracks?\b/,
    );
  });

  it('count one and many', () => {
    expect(t.runs.count(1)).toBe('1 run');
    expect(t.runs.count(0)).toBe('0 runs');
    expect(t.runs.count(1234)).toBe('1,234 runs');
  });
});
