import { displayName } from '../display/fileName';

/** Untrusted text of several lines: line ends stay, all else that hides is made visible. */
export function displayLines(text: string): string {
  return text.split('\n').map((line) => line.split('\t').map(displayPiece).join('\t')).join('\n');
}

/** A piece of text is no name: it never stands for bytes. */
function displayPiece(text: string): string {
  return text.startsWith('base64:') ? `base64:${displayName(text.slice('base64:'.length))}` : displayName(text);
}

/** Bytes of a record as text; those that are not UTF-8 become U+FFFD, and hidden characters visible. */
export function rawText(bytes: Uint8Array): string {
  return displayLines(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
}
