import type { Problem } from './types';

/** A request that the server answered with a problem (RFC 9457). */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  // fetch and XMLHttpRequest say no more than this when no answer came.
  if (error instanceof TypeError && /fetch|network|load/i.test(error.message)) return unreachable();
  return localProblem('internal', 'Something went wrong in this page', error instanceof Error ? error.message : String(error), {
    try: 'Reload the page. What the server acknowledged is kept.',
  });
}

/** The problem in an answer, whatever answered: ours, or a proxy on the way. */
export function problemFromBody(status: number, body: unknown): Problem {
  if (isProblem(body)) return body;
  const text = typeof body === 'string' ? parse(body) : undefined;
  if (isProblem(text)) return text;
  if (status === 401) return localProblem('unauthenticated', 'You are not signed in', 'Your session has ended.', { status, try: 'Sign in again; what you had begun stays.' });
  if (status === 413) return localProblem('too-large', 'The request is too large', 'Something between this browser and Sealcase refused the size.', { status, try: 'Tell the administrator: a proxy must let large uploads pass.' });
  if (status >= 502 && status <= 504) return unreachable(status);
  return localProblem('internal', 'An answer that cannot be read', `The server answered ${String(status)} and nothing more.`, { status, try: 'Try again, and tell the administrator if it stays.' });
}

/** Nobody answered, or only a proxy did. */
export function unreachable(status = 0): Problem {
  return localProblem('unavailable', 'Sealcase does not answer', 'The connection to the server failed before an answer came.', {
    status, kept: 'What the server acknowledged is kept.', try: 'Check the network, then try again.',
  });
}

/** A problem that this page itself found. */
export function localProblem(code: Problem['code'], title: string, detail: string, more: Partial<Problem> = {}): Problem {
  return { type: `urn:sealcase:problem:${code}`, title, detail, code, status: 0, ...more };
}

/** Whether the same request may succeed later (evidence.Code.Retryable). */
export function isRetryable(problem: Problem): boolean {
  return ['unavailable', 'vault-sealed', 'storage-full', 'internal'].includes(problem.code);
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const { title, detail, code } = value as Record<string, unknown>;
  return typeof title === 'string' && typeof detail === 'string' && typeof code === 'string';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
