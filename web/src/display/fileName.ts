const encodedPrefix = 'base64:';
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * A file name for people, from its text form in JSON: control, format and
 * bidirectional characters and invalid bytes become visible escapes, so that a
 * name cannot disguise its ending or break a line. It does what
 * evidence.FileName.Display does, and reads "base64:" names as it does.
 */
export function displayName(text: string): string {
  const bytes = text.startsWith(encodedPrefix) ? decodeBase64(text.slice(encodedPrefix.length)) : undefined;
  return bytes ? displayBytes(bytes) : displayText(text);
}

function displayText(text: string): string {
  let out = '';
  for (const char of text) {
    out += hidden.test(char) ? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}` : char;
  }
  return out;
}

function displayBytes(bytes: Uint8Array): string {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let out = '';
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes[i] ?? 0);
    try {
      out += displayText(utf8.decode(bytes.subarray(i, i + length)));
      i += length;
    } catch {
      out += `\\x${(bytes[i] ?? 0).toString(16).padStart(2, '0')}`;
      i += 1;
    }
  }
  return out;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
