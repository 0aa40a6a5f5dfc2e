import { localProblem, ProblemError } from './problem';
import type { Problem } from './types';

/** What /readyz says of the servers behind the program: "ok", or the code of what is wrong. */
interface Readiness { engines: Record<string, string> }

/**
 * Fails with a clear problem when an act cannot go on record now. It is for
 * acts that the browser itself asks for, such as a download: what the server
 * answers to those is shown nowhere.
 */
export async function throwUnlessReady(ask: typeof fetch = fetch): Promise<void> {
  const body: unknown = await (await ask('/readyz', { cache: 'no-store' })).json().catch(() => undefined);
  const problem = isReadiness(body) ? unready(body) : undefined;
  if (problem) throw new ProblemError(problem);
}

/** The problem that keeps acts from going on record; undefined when nothing does. */
export function unready({ engines }: Readiness): Problem | undefined {
  const notOk = Object.entries(engines).filter(([, state]) => state !== 'ok');
  const kept = 'Nothing was recorded, and no byte left. What you typed stays.';
  if (notOk.some(([, state]) => state === 'vault-sealed')) {
    return localProblem('vault-sealed', 'Vault is sealed', 'Nobody can sign an act now, so it cannot go on record, and what is not on record does not happen.', { kept, try: 'Ask the administrator to unseal Vault, then do it again.' });
  }
  if (notOk.length === 0) return undefined;
  return localProblem('unavailable', 'A server does not answer', `Not ready: ${notOk.map(([name, state]) => `${name} (${state})`).join(', ')}.`, { kept, try: 'Try again in a moment; tell the administrator if it stays.' });
}

function isReadiness(value: unknown): value is Readiness {
  return typeof value === 'object' && value !== null && 'engines' in value && typeof value.engines === 'object' && value.engines !== null;
}
