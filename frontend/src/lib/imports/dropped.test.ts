import { describe, expect, it } from 'vitest';
import { filesOfDrop, filesOfInput, inBatches, isJunk } from './dropped.ts';

const fileEntry = (fullPath: string) => ({
  isFile: true,
  fullPath,
  file: (resolve: (file: File) => void) =>
    resolve(new File(['x'], fullPath.split('/').at(-1) ?? '')),
});

/** A folder that hands out its children in pieces of two, as browsers do in larger ones. */
function folderEntry(fullPath: string, children: object[]) {
  return {
    isFile: false,
    fullPath,
    createReader: () => {
      let at = 0;
      return {
        readEntries: (resolve: (piece: object[]) => void) => resolve(children.slice(at, (at += 2))),
      };
    },
  };
}

const dropOf = (entries: object[]) =>
  ({
    items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })),
    files: [],
  }) as unknown as DataTransfer;

describe('a drop', () => {
  it('is walked down to every file, with paths', async () => {
    const deep = folderEntry('/watch/2026', [
      fileEntry('/watch/2026/a.fit'),
      fileEntry('/watch/2026/b.fit'),
      fileEntry('/watch/2026/c.fit'),
    ]);
    const counts: number[] = [];
    const found = await filesOfDrop(
      dropOf([folderEntry('/watch', [deep, fileEntry('/watch/.DS_Store')]), fileEntry('/my.zip')]),
      (count) => counts.push(count),
    );
    expect(found.map(({ path }) => path)).toEqual([
      'watch/2026/a.fit',
      'watch/2026/b.fit',
      'watch/2026/c.fit',
      'my.zip',
    ]);
    expect(counts).toEqual([1, 2, 3, 4]);
  });

  it('keeps the folders of a chosen folder', () => {
    const file = new File([], 'a.fit');
    Object.defineProperty(file, 'webkitRelativePath', { value: 'watch/a.fit' });
    expect(filesOfInput([file, new File([], 'Thumbs.db')])).toEqual([
      { path: 'watch/a.fit', file },
    ]);
  });
});

it.each([
  ['.DS_Store', true],
  ['a/__MACOSX/._run.fit', true],
  ['a/._run.fit', true],
  ['a/run.fit', false],
  ['DS_Store.fit', false],
])('%s: junk %s', (path, expected) => {
  expect(isJunk(path)).toBe(expected);
});

it('splits by count and by size, and leaves nothing out', () => {
  const item = (size: number) => ({ path: 'x', file: { size } as File });
  const sizes = (files: number[], count: number, bytes: number) =>
    inBatches(files.map(item), count, bytes).map((batch) => batch.map(({ file }) => file.size));
  expect(sizes([1, 1, 1], 2, 100)).toEqual([[1, 1], [1]]);
  expect(sizes([60, 60, 200, 10], 9, 100)).toEqual([[60], [60], [200], [10]]);
  expect(sizes([], 9, 100)).toEqual([]);
});
