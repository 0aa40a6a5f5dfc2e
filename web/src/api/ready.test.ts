import { describe, expect, it, vi } from 'vitest';
import { toProblem } from './problem';
import { throwUnlessReady, unready } from './ready';

const answering = (body: string, status = 200) => vi.fn<typeof fetch>().mockResolvedValue(new Response(body, { status }));

describe('unready', () => {
  it.each([
    [{ vault: 'ok', objects: 'ok' }, undefined],
    [{ vault: 'vault-sealed', objects: 'ok' }, 'vault-sealed'],
    [{ vault: 'vault-sealed', objects: 'unavailable' }, 'vault-sealed'],
    [{ vault: 'ok', objects: 'unavailable' }, 'unavailable'],
  ])('%j', (engines, want) => {
    const problem = unready({ engines });
    expect(problem?.code).toBe(want);
    if (problem) expect([problem.kept, problem.try]).not.toContain(undefined);
  });
});

describe('throwUnlessReady', () => {
  it('lets through what is ready, and what it cannot read: the server decides', async () => {
    await throwUnlessReady(answering('{"ready":true,"engines":{"vault":"ok"}}'));
    await throwUnlessReady(answering('<html>no such page</html>', 404));
    await throwUnlessReady(answering('{}'));
  });

  it('stops what could not be signed', async () => {
    const stopped = throwUnlessReady(answering('{"ready":false,"engines":{"vault":"vault-sealed"}}', 503)).catch(toProblem);
    expect(await stopped).toMatchObject({ code: 'vault-sealed', title: 'Vault is sealed' });
  });

  it('says that nobody answers', async () => {
    const stopped = throwUnlessReady(vi.fn<typeof fetch>().mockRejectedValue(new TypeError('Failed to fetch'))).catch(toProblem);
    expect(await stopped).toMatchObject({ code: 'unavailable' });
  });
});
