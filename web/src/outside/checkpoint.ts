/** A signed head of a log (C2SP checkpoint), as far as it is shown. */
export interface Checkpoint {
  origin: string;
  size: number;
  /** The tree's root in base64. */
  root: string;
  /** Signature lines of others than the log itself, with the time that each gives (C2SP tlog-cosignature). */
  cosigned: { by: string; at: string }[];
}

/** Key ID, time and Ed25519 signature of a cosignature/v1 line. */
const cosignatureLength = 4 + 8 + 64;

/**
 * Reads a checkpoint to show it; undefined for text that is none. It checks no
 * signature: the pages believe the server, and readers of a bundle its verifier.
 */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const [text = '', signatures = ''] = note.split('\n\n');
  const [origin, size, root] = text.split('\n');
  if (!origin || !root || !size || !/^\d+$/.test(size)) return undefined;
  const cosigned = signatures.split('\n').flatMap((line) => {
    const [dash, by, body = ''] = line.split(' ');
    const at = dash === '—' && by && by !== origin ? cosignedAt(body) : undefined;
    return by && at ? [{ by, at }] : [];
  });
  return { origin, size: Number(size), root, cosigned };
}

function cosignedAt(body: string): string | undefined {
  let raw: string;
  try {
    raw = atob(body);
  } catch {
    return undefined;
  }
  if (raw.length !== cosignatureLength) return undefined;
  const seconds = Array.from(raw.slice(4, 12)).reduce((sum, char) => sum * 256 + char.charCodeAt(0), 0);
  const at = new Date(seconds * 1000);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
