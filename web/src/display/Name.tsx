import { displayName } from './fileName';

/** An untrusted name, with what it hides made visible. */
export function Name({ text }: { text: string }) {
  return <bdi className="untrusted">{displayName(text)}</bdi>;
}
