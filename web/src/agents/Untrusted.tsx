import { displayLines } from './raw';

/** Text of a log within a line, with what it hides made visible. It is no file name, so that "base64:" in it means nothing. */
export function Untrusted({ text }: { text: string }) {
  return <bdi className="untrusted">{displayLines(text)}</bdi>;
}
