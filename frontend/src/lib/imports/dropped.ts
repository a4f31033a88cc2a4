/** What was dropped or chosen, as a flat list of files with their paths below the drop. */

export interface PathFile {
  /** "activities/2026/run.fit": folders below the drop, with forward slashes. */
  path: string;
  file: File;
}

/** Files that operating systems leave in folders, of no use to anyone. */
const JUNK = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$|(^|\/)__MACOSX\//;

export const isJunk = (path: string): boolean => JUNK.test(path);

/**
 * All files of a drop; folders are walked down. Call it within the event: a browser forgets what was
 * dropped when the event is over, which is why the entries are taken before the first await.
 */
export async function filesOfDrop(
  transfer: DataTransfer,
  onCount: (count: number) => void = () => undefined,
): Promise<PathFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const plain = [...transfer.files];
  const found: PathFile[] = [];
  const usable = entries.filter((entry) => entry !== null);
  if (usable.length === 0) return filesOfInput(plain);
  for (const entry of usable) await walk(entry, found, onCount);
  return found;
}

/** Files of an `<input type="file">`, with `webkitdirectory` or without. */
export function filesOfInput(files: Iterable<File>): PathFile[] {
  return [...files]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !isJunk(path));
}

async function walk(
  entry: FileSystemEntry,
  found: PathFile[],
  onCount: (count: number) => void,
): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    if (isJunk(path)) return;
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ path, file });
    onCount(found.length);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader hands out a folder in pieces (100 in Chromium) until it gives an empty one.
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (piece.length === 0) return;
    for (const child of piece) await walk(child, found, onCount);
  }
}

/** Split into uploads that a server takes at once; a single larger file goes alone. */
export function inBatches(files: PathFile[], mostFiles: number, mostBytes: number): PathFile[][] {
  const batches: PathFile[][] = [];
  let batch: PathFile[] = [];
  let size = 0;
  for (const item of files) {
    const isFull = batch.length >= mostFiles || size + item.file.size > mostBytes;
    if (batch.length > 0 && isFull) {
      batches.push(batch);
      batch = [];
      size = 0;
    }
    batch.push(item);
    size += item.file.size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
