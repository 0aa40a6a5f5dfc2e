import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import { localProblem, toProblem } from '../api/problem';
import { reprDigest } from './digest';
import { chunkSize, oneRequest, sendFile, type Sending } from './sendFile';

interface Asked { method: string; url: string; headers: Record<string, string>; size: number }
interface Answer { status: number; headers?: Record<string, string>; body?: string }

/** A server that answers as the test says. */
class FakeStack implements HttpStack {
  asked: Asked[] = [];
  constructor(private readonly answer: (asked: Asked, n: number) => Answer | 'lost') {}
  getName() { return 'fake'; }
  createRequest(method: string, url: string): HttpRequest {
    const headers: Record<string, string> = {};
    return {
      getMethod: () => method, getURL: () => url, setHeader: (name, value) => { headers[name] = value; }, getHeader: (name) => headers[name],
      setProgressHandler: () => undefined, abort: () => Promise.resolve(), getUnderlyingObject: () => undefined,
      send: (body: { size?: number } | null) => {
        const asked = { method, url, headers, size: body?.size ?? 0 };
        this.asked.push(asked);
        const answer = this.answer(asked, this.asked.length);
        return answer === 'lost' ? Promise.reject(new Error('connection lost')) : Promise.resolve(response(answer));
      },
    };
  }
}

function response({ status, headers = {}, body = '' }: Answer): HttpResponse {
  return { getStatus: () => status, getHeader: (name) => headers[name], getBody: () => body, getUnderlyingObject: () => undefined };
}

const sha256 = 'ab'.repeat(32);
const done = { 'Sealcase-Item': 'item-1', 'Sealcase-Exhibit': '2026-0001/E-00001' };
const fetched = vi.fn<typeof fetch>();

function file(size: number): File {
  const made = new File(['x'], 'a.bin', { lastModified: Date.UTC(2026, 0, 2) });
  Object.defineProperty(made, 'size', { value: size });
  made.slice = (start = 0, end = size) => ({ size: Math.min(end, size) - start }) as Blob;
  return made;
}

function sending(size: number, httpStack: HttpStack, more: Partial<Sending> = {}): Sending {
  return {
    chosen: { file: file(size), name: 'a.bin', path: 'home' }, intake: 'intake-1', key: 'key-1', url: undefined, sha256: Promise.resolve(sha256),
    signal: new AbortController().signal, onUrl: () => undefined, onProgress: () => undefined, httpStack, delays: [0, 0, 0], ...more,
  };
}

const metadata = (asked: Asked | undefined) => Object.fromEntries((asked?.headers['Upload-Metadata'] ?? '').split(',').map((pair) => {
  const [name = '', value = ''] = pair.split(' ');
  return [name, atob(value)];
}));

describe('sendFile', () => {
  beforeEach(() => { vi.stubGlobal('fetch', fetched); });
  afterEach(() => { vi.unstubAllGlobals(); fetched.mockReset(); });

  it.each([0, 5])('brings a file of %d bytes in one request that declares its digest', async (size) => {
    const stack = new FakeStack(() => ({ status: 201, headers: { Location: '/api/v1/uploads/u1', 'Upload-Offset': String(size), ...done } }));
    expect(await sendFile(sending(size, stack))).toEqual({ item: 'item-1', exhibit: '2026-0001/E-00001' });
    expect(stack.asked).toHaveLength(1);
    expect(stack.asked[0]).toMatchObject({ method: 'POST', size, headers: { 'Idempotency-Key': 'key-1', 'Upload-Length': String(size) } });
    expect(metadata(stack.asked[0])).toEqual({ intake: 'intake-1', name: 'a.bin', path: 'home', modified_at: '2026-01-02T00:00:00.000Z', sha256 });
  });

  it('sends a large file while it is hashed; only the last request waits for the digest, and carries it', async () => {
    const size = 2 * chunkSize + 1;
    let hashed: (sha256: string) => void = () => undefined;
    const digest = new Promise<string>((resolve) => { hashed = resolve; });
    const stack = new FakeStack((asked) => {
      if (asked.method === 'POST') return { status: 201, headers: { Location: '/api/v1/uploads/u1' } };
      const offset = Number(asked.headers['Upload-Offset']) + asked.size;
      if (offset === 2 * chunkSize) setTimeout(() => { hashed(sha256); }, 5);
      return { status: 204, headers: { 'Upload-Offset': String(offset), ...(offset === size && done) } };
    });
    await sendFile(sending(size, stack, { sha256: digest }));
    expect(stack.asked.map(({ method, headers }) => [method, headers['Upload-Offset'], headers['Repr-Digest']])).toEqual([
      ['POST', undefined, undefined], ['PATCH', '0', undefined], ['PATCH', String(chunkSize), undefined], ['PATCH', String(2 * chunkSize), reprDigest(sha256)],
    ]);
  });

  it('goes on where a broken upload was', async () => {
    const size = chunkSize + 10;
    const stack = new FakeStack(({ method }) => (method === 'HEAD'
      ? { status: 200, headers: { 'Upload-Offset': String(chunkSize), 'Upload-Length': String(size) } }
      : { status: 204, headers: { 'Upload-Offset': String(size), ...done } }));
    await sendFile(sending(size, stack, { url: '/api/v1/uploads/u1' }));
    expect(stack.asked.map(({ method, size: bytes }) => [method, bytes])).toEqual([['HEAD', 0], ['PATCH', 10]]);
  });

  it('asks under the same key when the answer to a small file was lost, and finds it received', async () => {
    fetched.mockResolvedValue(Response.json({ item: { id: 'item-1' }, exhibit_number: '2026-0001/E-00001' }));
    const stack = new FakeStack(({ method }, n) => {
      if (n === 1) return 'lost';
      if (method === 'POST') return { status: 201, headers: { Location: '/api/v1/uploads/u1' } };
      if (method === 'PATCH') return { status: 409, body: JSON.stringify(localProblem('conflict', 'c', 'another offset', { status: 409 })) };
      return { status: 200, headers: { 'Upload-Offset': '5', 'Upload-Length': '5' } };
    });
    expect(await sendFile(sending(5, stack))).toEqual({ item: 'item-1', exhibit: '2026-0001/E-00001' });
    const posts = stack.asked.filter(({ method }) => method === 'POST');
    expect(posts.map(({ headers }) => headers['Idempotency-Key'])).toEqual(['key-1', 'key-1']);
  });

  it('completes an upload whose bytes were all there and that was not completed then', async () => {
    fetched
      .mockResolvedValueOnce(Response.json(localProblem('conflict', 'c', 'not complete'), { status: 409 }))
      .mockResolvedValueOnce(new Response(null, { status: 204 }))
      .mockResolvedValueOnce(Response.json({ item: { id: 'item-1' }, exhibit_number: 'E-1' }));
    const size = oneRequest + 1;
    const stack = new FakeStack(() => ({ status: 200, headers: { 'Upload-Offset': String(size), 'Upload-Length': String(size) } }));
    expect(await sendFile(sending(size, stack, { url: '/api/v1/uploads/u1' }))).toEqual({ item: 'item-1', exhibit: 'E-1' });
    expect(fetched.mock.calls[1]).toMatchObject(['/api/v1/uploads/u1', { method: 'PATCH', headers: { 'Upload-Offset': String(size), 'Repr-Digest': reprDigest(sha256) } }]);
  });

  it.each([
    ['refused bytes', 422, 'digest-mismatch', 1], ['an ended session', 401, 'unauthenticated', 1],
  ] as const)('does not repeat %s', async (_, status, code, requests) => {
    const stack = new FakeStack(() => ({ status, body: JSON.stringify(localProblem(code, 't', 'd', { status })) }));
    const error: unknown = await sendFile(sending(5, stack)).catch((e: unknown) => e);
    expect(toProblem(error)).toMatchObject({ code, status });
    expect(stack.asked).toHaveLength(requests);
  });

  it('tries again while the server is away, then says so', async () => {
    const stack = new FakeStack(() => 'lost');
    const error: unknown = await sendFile(sending(oneRequest + 1, stack)).catch((e: unknown) => e);
    expect(toProblem(error)).toMatchObject({ code: 'unavailable', kept: 'What the server acknowledged is kept.' });
    expect(stack.asked).toHaveLength(4);
  });

  it('passes on that a file cannot be read', async () => {
    const broken = Promise.reject<string>(new Error('NotReadableError'));
    broken.catch(() => undefined);
    await expect(sendFile(sending(5, new FakeStack(() => 'lost'), { sha256: broken }))).rejects.toThrow('NotReadableError');
  });

  it('stops at once when asked', async () => {
    const stop = new AbortController();
    stop.abort(new DOMException('stopped', 'AbortError'));
    const stack = new FakeStack(() => 'lost');
    await expect(sendFile(sending(oneRequest + 1, stack, { signal: stop.signal }))).rejects.toThrow('stopped');
    expect(stack.asked).toHaveLength(0);
  });
});
