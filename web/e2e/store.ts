import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serversFolder } from './station';

/** The folder where the station's object store keeps its bytes. */
function storeFolder(): string {
  const named = process.env.SEALCASE_STORE;
  if (named) return named;
  return join(serversFolder(), 'minio', 'data');
}

/**
 * Changes one byte of a stored object behind everybody's back, on the disk
 * below the object store: no interface of it would allow that.
 */
export function tamper(bucket: string, key: string): void {
  const root = join(storeFolder(), bucket, ...key.split('/'));
  const parts = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^part\.\d+$|^xl\.meta$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => Number(a.endsWith('xl.meta')) - Number(b.endsWith('xl.meta')));
  const target = parts[0];
  if (!target) throw new Error(`nothing is stored under ${root}`);
  const bytes = readFileSync(target);
  const at = bytes.length - 1;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(target, bytes);
}
