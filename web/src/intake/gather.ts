import type { ChosenFile } from './model';

/** Files chosen by a dialogue; those of a folder know their place in it. */
export function fromInput(files: Iterable<File>): ChosenFile[] {
  return Array.from(files, (file) => {
    const parts = file.webkitRelativePath.split('/');
    return { file, name: file.name, path: parts.slice(0, -1).join('/') };
  });
}

/** Files and whole folders that were dropped. The transfer must be read at once: it is empty after the event. */
export function fromDrop(transfer: DataTransfer): Promise<ChosenFile[]> {
  const entries = Array.from(transfer.items, (item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null)).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve(fromInput(transfer.files));
  return collect(entries);
}

async function collect(entries: FileSystemEntry[]): Promise<ChosenFile[]> {
  const found: ChosenFile[] = [];
  const folders = [...entries.map((entry) => ({ entry, path: '' }))];
  for (let next = folders.shift(); next; next = folders.shift()) {
    const { entry, path } = next;
    if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => { entry.file(resolve, reject); });
      found.push({ file, name: entry.name, path });
    } else if (isFolder(entry)) {
      const inside = path ? `${path}/${entry.name}` : entry.name;
      const children = await readAll(entry);
      folders.unshift(...children.map((child) => ({ entry: child, path: inside })));
    }
  }
  return found;
}

/** A folder hands out its entries a hundred at a time, and nothing when there are no more. */
async function readAll(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (some.length === 0) return all;
    all.push(...some);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
