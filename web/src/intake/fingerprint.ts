import type { ChosenFile } from './model';

/**
 * Names files within an intake by what the browser tells of them before they
 * are read. Files that it cannot tell apart are counted, in the order in which
 * they were chosen, so that none is taken for another and left out.
 */
export function fingerprints(files: ChosenFile[], taken: Iterable<string> = []): string[] {
  const seen = new Map<string, number>();
  for (const known of taken) {
    const base = known.replace(/#\d+$/, '');
    seen.set(base, (seen.get(base) ?? 0) + 1);
  }
  return files.map(({ file, name, path }) => {
    const base = JSON.stringify([path, name, file.size, file.lastModified]);
    const n = (seen.get(base) ?? 0) + 1;
    seen.set(base, n);
    return `${base}#${String(n)}`;
  });
}
