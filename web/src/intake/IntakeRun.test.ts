import { describe, expect, it, vi } from 'vitest';
import { localProblem, ProblemError } from '../api/problem';
import type { Intake, Problem } from '../api/types';
import { IntakeRun, type RunTools } from './IntakeRun';
import type { ChosenFile, Received } from './model';
import type { Records, UploadRecord } from './records';
import type { Sending } from './sendFile';

const intake = { id: 'intake-1', case: 'case-1' } as Intake;
const chosen = (name: string, size = 10): ChosenFile => ({ file: { size, lastModified: 1 } as File, name, path: '' });
const fail = (code: Problem['code']) => new ProblemError(localProblem(code, code, code));

class Memory implements Records {
  kept = new Map<string, UploadRecord>();
  intakes() { return Promise.resolve([]); }
  putIntake() { return Promise.resolve(); }
  uploads() { return Promise.resolve([...this.kept.values()]); }
  putUpload(record: UploadRecord) { this.kept.set(record.fingerprint, structuredClone(record)); return Promise.resolve(); }
  forget() { this.kept.clear(); return Promise.resolve(); }
}

function tools(send: (sending: Sending) => Promise<Received>, more: Partial<RunTools> = {}) {
  const records = new Memory();
  let keys = 0;
  const made: RunTools = {
    digester: { digest: (blob) => Promise.resolve(`sha-${String(blob.size)}`) }, records, send, newKey: () => `key-${String(++keys)}`, pause: 0, ...more,
  };
  return { records, tools: made };
}

const settled = (run: IntakeRun) => vi.waitFor(() => { expect(['settled', 'stopped']).toContain(run.snapshot().phase); expect(run.snapshot().active).toEqual([]); });
const receive = ({ chosen: { name } }: Sending): Promise<Received> => Promise.resolve({ item: `item-${name}`, exhibit: name });

describe('IntakeRun', () => {
  it('sends every file once, a few at a time', async () => {
    let now = 0;
    let most = 0;
    const names: string[] = [];
    const { tools: t } = tools(async (sending) => {
      most = Math.max(most, ++now);
      names.push(sending.chosen.name);
      await Promise.resolve();
      now -= 1;
      return receive(sending);
    }, { parallel: 3 });
    const run = new IntakeRun(intake, [], t);
    run.add(Array.from({ length: 20 }, (_, i) => chosen(String(i))));
    await settled(run);
    expect(run.snapshot()).toMatchObject({ phase: 'settled', files: 20, received: 20, bytes: 200, sent: 200, failed: [] });
    expect(most).toBe(3);
    expect(new Set(names).size).toBe(20);
  });

  it('keeps a failure with its file, and tries it again under a new key', async () => {
    const keys: string[] = [];
    let bad = true;
    const { tools: t } = tools((sending) => {
      if (sending.chosen.name !== 'bad') return receive(sending);
      keys.push(sending.key);
      return bad ? Promise.reject(fail('digest-mismatch')) : receive(sending);
    });
    const run = new IntakeRun(intake, [], t);
    run.add([chosen('a'), chosen('bad'), chosen('b')]);
    await settled(run);
    expect(run.snapshot()).toMatchObject({ received: 2, failed: [{ name: 'bad', problem: { code: 'digest-mismatch' } }] });
    bad = false;
    run.retryFailed();
    await vi.waitFor(() => { expect(run.snapshot()).toMatchObject({ phase: 'settled', received: 3, failed: [] }); });
    expect(new Set(keys).size).toBe(2);
  });

  it.each(['unavailable', 'vault-sealed', 'storage-full', 'unauthenticated'] as const)('stops as a whole on %s and goes on when asked', async (code) => {
    let down = true;
    const { tools: t } = tools((sending) => (down ? Promise.reject(fail(code)) : receive(sending)), { parallel: 2 });
    const run = new IntakeRun(intake, [], t);
    run.add(Array.from({ length: 50 }, (_, i) => chosen(String(i))));
    await settled(run);
    expect(run.snapshot()).toMatchObject({ phase: 'stopped', received: 0, failed: [], problem: { code } });
    down = false;
    run.resume();
    await vi.waitFor(() => { expect(run.snapshot()).toMatchObject({ phase: 'settled', received: 50, problem: undefined }); });
  });

  it('is paused and resumed without losing a file', async () => {
    const hold: (() => void)[] = [];
    const { tools: t } = tools((sending) => new Promise((resolve, reject) => {
      hold.push(() => { resolve({ item: 'i', exhibit: sending.chosen.name }); });
      sending.signal.addEventListener('abort', () => { reject(new DOMException('stopped', 'AbortError')); });
    }), { parallel: 2 });
    const run = new IntakeRun(intake, [], t);
    run.add([chosen('a'), chosen('b'), chosen('c')]);
    await vi.waitFor(() => { expect(hold).toHaveLength(2); });
    run.stop();
    run.resume(); // at once, before the stopped ones have noticed
    await vi.waitFor(() => { expect(hold.length).toBeGreaterThan(3); });
    const release = setInterval(() => { hold.splice(0).forEach((go) => { go(); }); }, 1);
    await vi.waitFor(() => { expect(run.snapshot()).toMatchObject({ phase: 'settled', received: 3, failed: [] }); });
    clearInterval(release);
  });

  it('skips after a reload what was received, and resumes the rest where it was', async () => {
    const first = tools((sending) => {
      if (sending.chosen.name === 'done') return receive(sending);
      sending.onUrl('/api/v1/uploads/upload-1');
      return Promise.reject(fail('unavailable'));
    }, { parallel: 1 });
    const before = new IntakeRun(intake, [], first.tools);
    before.add([chosen('done'), chosen('half')]);
    await settled(before);

    const sent: Sending[] = [];
    const second = tools((sending) => { sent.push(sending); return receive(sending); });
    const after = new IntakeRun(intake, await first.records.uploads(), second.tools);
    after.add([chosen('done'), chosen('half'), chosen('new')]);
    await settled(after);
    expect(sent.map(({ chosen: { name }, url, key }) => [name, url, key])).toEqual([
      ['half', '/api/v1/uploads/upload-1', 'key-2'], ['new', undefined, 'key-1'],
    ]);
    expect(after.snapshot()).toMatchObject({ received: 3 });
    expect(after.tasks()[0]).toMatchObject({ known: true, exhibit: 'done', sha256: 'sha-10' });
  });
});
