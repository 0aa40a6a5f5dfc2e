import { describe, expect, it } from 'vitest';
import { isRetryable, localProblem, problemFromBody, ProblemError, toProblem } from './problem';

const mismatch = { ...localProblem('digest-mismatch', 'Bytes and SHA-256 differ', 'They differ.', { kept: 'Nothing was stored.' }), status: 422 };

describe('problemFromBody', () => {
  it.each([
    ['a problem', 422, mismatch, 'digest-mismatch'],
    ['a problem as text', 422, JSON.stringify(mismatch), 'digest-mismatch'],
    ['an ended session without a body', 401, '', 'unauthenticated'],
    ['a proxy that stops large bodies', 413, '<html>413</html>', 'too-large'],
    ['a proxy whose server is away', 502, '<html>Bad Gateway</html>', 'unavailable'],
    ['a proxy that waited too long', 504, undefined, 'unavailable'],
    ['an answer of something else', 500, { message: 'no' }, 'internal'],
    ['half a problem', 500, { title: 'x', code: 'invalid' }, 'internal'],
  ])('reads %s', (_, status, body, code) => {
    const problem = problemFromBody(status, body);
    expect(problem.code).toBe(code);
    expect(problem.detail).not.toBe('');
  });
});

describe('toProblem', () => {
  it('keeps what the server said', () => {
    expect(toProblem(new ProblemError(mismatch))).toEqual(mismatch);
  });

  it.each(['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed'])('knows "%s" as no answer', (message) => {
    expect(toProblem(new TypeError(message))).toMatchObject({ code: 'unavailable', kept: 'What the server acknowledged is kept.' });
  });

  it('shows anything else as a defect of the page', () => {
    expect(toProblem(new Error('undefined is not a function'))).toMatchObject({ code: 'internal', detail: 'undefined is not a function' });
    expect(toProblem('thrown text').detail).toBe('thrown text');
  });
});

it.each([
  ['unavailable', true], ['vault-sealed', true], ['storage-full', true], ['internal', true],
  ['invalid', false], ['unauthenticated', false], ['digest-mismatch', false], ['not-found', false],
] as const)('%s may succeed later: %s', (code, want) => {
  expect(isRetryable(localProblem(code, '', ''))).toBe(want);
});
