import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of a test. */
export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'sealcase-e2e-'));
}

/** A file of random bytes: each run has its own, so that nothing is known from before. */
export function randomFile(dir: string, name: string, mebibytes: number): string {
  const path = join(dir, name);
  const file = openSync(path, 'w');
  for (let i = 0; i < mebibytes; i += 1) writeSync(file, randomBytes(1 << 20));
  closeSync(file);
  return path;
}

/** A small folder as a seizure would have it: nested, an empty file, a name that lies about its ending. */
export function seizure(dir: string): string {
  const root = join(dir, 'seized');
  mkdirSync(join(root, 'mail'), { recursive: true });
  writeFileSync(join(root, 'session.txt'), `The agent called 203.0.113.77 and paid bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq\n${randomBytes(8).toString('hex')}\n`);
  writeFileSync(join(root, 'mail', 'invoice\u202efdp.exe'), randomBytes(64));
  writeFileSync(join(root, 'mail', 'empty.log'), '');
  return root;
}

export function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
