import { describe, expect, it } from 'vitest';
import { toProblem } from '../api/problem';
import { DigestPool } from './DigestPool';
import type { DigestReply, DigestRequest } from './digest.worker';

/** A worker whose answers the test gives. */
class Hand extends EventTarget {
  asked: DigestRequest[] = [];
  terminated = false;
  postMessage(request: DigestRequest) { this.asked.push(request); }
  terminate() { this.terminated = true; }
  reply(data: DigestReply) { this.dispatchEvent(new MessageEvent('message', { data })); }
  last(): number { return this.asked.at(-1)?.id ?? 0; }
}

function pool(size: number) {
  const hands: Hand[] = [];
  const made = new DigestPool(size, () => {
    const hand = new Hand();
    hands.push(hand);
    return hand as unknown as Worker;
  });
  return { pool: made, hands };
}

const blob = new Blob(['x']);
const never = new AbortController().signal;
const ignore = () => undefined;

describe('DigestPool', () => {
  it('hashes as many at once as it has workers, and the rest in turn', async () => {
    const { pool: p, hands } = pool(2);
    const all = ['a', 'b', 'c'].map(() => p.digest(blob, ignore, never));
    expect(hands.map(({ asked }) => asked.length)).toEqual([1, 1]);
    hands[1]?.reply({ id: hands[1].last(), sha256: 'second' });
    expect(await all[1]).toBe('second');
    hands[1]?.reply({ id: hands[1].last(), sha256: 'third' });
    hands[0]?.reply({ id: hands[0].last(), sha256: 'first' });
    expect(await Promise.all(all)).toEqual(['first', 'second', 'third']);
  });

  it('tells how far a file is', async () => {
    const { pool: p, hands } = pool(1);
    const seen: number[] = [];
    const digest = p.digest(blob, (hashed) => seen.push(hashed), never);
    hands[0]?.reply({ id: hands[0].last(), hashed: 7 });
    hands[0]?.reply({ id: 99, hashed: 8 });
    hands[0]?.reply({ id: hands[0].last(), sha256: 'x' });
    await digest;
    expect(seen).toEqual([7]);
  });

  it('says what to try when a file cannot be read, and goes on', async () => {
    const { pool: p, hands } = pool(1);
    const bad = p.digest(blob, ignore, never);
    const good = p.digest(blob, ignore, never);
    hands[0]?.reply({ id: hands[0].last(), error: 'NotReadableError' });
    const error: unknown = await bad.catch((e: unknown) => e);
    expect(toProblem(error)).toMatchObject({ code: 'incomplete', title: 'The file cannot be read' });
    hands[0]?.reply({ id: hands[0].last(), sha256: 'x' });
    expect(await good).toBe('x');
  });

  it('gives up what was stopped: the worker ends, what waits is dropped', async () => {
    const { pool: p, hands } = pool(1);
    const stop = new AbortController();
    const running = p.digest(blob, ignore, stop.signal);
    const waiting = p.digest(blob, ignore, stop.signal);
    const other = p.digest(blob, ignore, never);
    stop.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    await expect(waiting).rejects.toThrow('stopped');
    expect(hands[0]?.terminated).toBe(true);
    hands[1]?.reply({ id: hands[1].last(), sha256: 'x' });
    expect(await other).toBe('x');
  });
});
