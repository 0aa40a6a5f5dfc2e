import { digestBlob } from './digest';

/** What the worker is asked, and what it answers. */
export interface DigestRequest { id: number; blob: Blob }
export type DigestReply =
  | { id: number; hashed: number }
  | { id: number; sha256: string }
  | { id: number; error: string };

/** How often a long file says how far it is (ms). */
const pause = 100;

const reply = (message: DigestReply) => { postMessage(message); };

addEventListener('message', ({ data: { id, blob } }: MessageEvent<DigestRequest>) => {
  let last = 0;
  digestBlob(blob, (hashed) => {
    const now = performance.now();
    if (now - last < pause) return;
    last = now;
    reply({ id, hashed });
  }).then(
    (sha256) => { reply({ id, sha256 }); },
    (error: unknown) => { reply({ id, error: error instanceof Error ? error.message : String(error) }); },
  );
});
