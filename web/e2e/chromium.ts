import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** A browser that is there already: nothing is ever downloaded. */
export interface Browser {
  executablePath: string;
  env: Record<string, string>;
  args: string[];
}

/** What every Chromium gets: no sandbox for root, no calls home. */
const quiet = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** SEALCASE_CHROMIUM; then Chromium or Chrome on PATH; then the pinned npm package. */
export async function findChromium(): Promise<Browser> {
  const env = definedEnv();
  const named = process.env.SEALCASE_CHROMIUM ?? onPath();
  if (named) return { executablePath: named, env, args: quiet };
  const { default: packaged } = await import('@sparticuz/chromium');
  const executablePath = await packaged.executablePath();
  return { executablePath, env: { ...env, ...libraries() }, args: quiet };
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** The package's own libraries, for a machine that lacks them (a slim Debian has no libnss3). */
function libraries(): Record<string, string> {
  if (haveLibrary('libnss3.so')) return {};
  const packed = join(import.meta.dirname, '..', 'node_modules', '@sparticuz', 'chromium', 'bin', 'al2023.tar.br');
  const folder = mkdtempSync(join(tmpdir(), 'sealcase-chromium-'));
  execFileSync('tar', ['-x', '-C', folder], { input: brotliDecompressSync(readFileSync(packed)) });
  return { LD_LIBRARY_PATH: [join(folder, 'lib'), folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter) };
}

function haveLibrary(name: string): boolean {
  try {
    return execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).includes(name);
  } catch {
    return false;
  }
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
