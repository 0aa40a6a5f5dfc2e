import { describe, expect, it } from 'vitest';
import { displayName } from './fileName';

const encode = (bytes: number[]) => `base64:${btoa(String.fromCharCode(...bytes))}`;

describe('displayName', () => {
  it.each([
    ['an ordinary name', 'invoice.pdf', 'invoice.pdf'],
    ['letters of any script', 'договор-契約.txt', 'договор-契約.txt'],
    ['an emoji', '📁 notes', '📁 notes'],
    ['a right-to-left override that hides an ending', 'invoice\u202efdp.exe', 'invoice\\u{202e}fdp.exe'],
    ['isolates and marks', 'a\u2066b\u200f', 'a\\u{2066}b\\u{200f}'],
    ['line breaks', 'a\r\nb\u2028c', 'a\\u{d}\\u{a}b\\u{2028}c'],
    ['NUL', 'a\0b', 'a\\u{0}b'],
    ['a zero-width space and a byte order mark', 'a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
    ['a tag character beyond the first plane', 'a\u{e0041}', 'a\\u{e0041}'],
    ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['a formula stays text', "=cmd|'/c calc'!A0", "=cmd|'/c calc'!A0"],
    ['invalid UTF-8', encode([0x61, 0xff, 0x62]), 'a\\xffb'],
    ['a cut sequence', encode([0xe2, 0x82]), '\\xe2\\x82'],
    ['an overlong form', encode([0xc0, 0xaf]), '\\xc0\\xaf'],
    ['an encoded surrogate', encode([0xed, 0xa0, 0x80]), '\\xed\\xa0\\x80'],
    ['valid text among bytes', encode([0xff, 0xc3, 0xa9]), '\\xffé'],
    ['a hidden character among bytes', encode([0xff, 0xe2, 0x80, 0xae]), '\\xff\\u{202e}'],
    ['a name that begins with base64:', `base64:${btoa('base64:x')}`, 'base64:x'],
    ['what only looks encoded', 'base64:***', 'base64:***'],
  ])('shows %s', (_, text, want) => {
    expect(displayName(text)).toBe(want);
  });
});
