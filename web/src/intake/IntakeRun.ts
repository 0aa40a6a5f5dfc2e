import { isRetryable, toProblem } from '../api/problem';
import type { Intake, Problem } from '../api/types';
import type { Digester } from './DigestPool';
import { fingerprints } from './fingerprint';
import type { ChosenFile, FileTask, Received } from './model';
import type { Records, UploadRecord } from './records';
import type { sendFile } from './sendFile';

/** Where a run stands: it sends; it was stopped; every file has an outcome; nothing more will come. */
export type RunPhase = 'sending' | 'stopped' | 'settled' | 'closed';

/** What is shown of a run. A new object whenever something changed. */
export interface RunSnapshot {
  phase: RunPhase;
  files: number;
  bytes: number;
  sent: number;
  received: number;
  waiting: number;
  active: FileTask[];
  failed: FileTask[];
  /** Why the run stopped by itself. */
  problem: Problem | undefined;
}

/** What a run works with. */
export interface RunTools {
  digester: Digester;
  records: Records;
  send: typeof sendFile;
  newKey: () => string;
  /** Sending at the same time. Browsers allow six connections to a server; live updates and the page need some. */
  parallel?: number;
  /** At most how often subscribers are told (ms). */
  pause?: number;
}

/** The files of one intake on their way: a few at a time, each with its outcome. */
export class IntakeRun {
  readonly intake: Intake;
  readonly #tools: RunTools;
  readonly #tasks: FileTask[] = [];
  readonly #records = new Map<string, UploadRecord>();
  readonly #listeners = new Set<() => void>();
  #phase: RunPhase = 'settled';
  #problem: Problem | undefined;
  #abort = new AbortController();
  #cursor = 0;
  #active = 0;
  #snapshot: RunSnapshot;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(intake: Intake, known: UploadRecord[], tools: RunTools) {
    this.intake = intake;
    this.#tools = tools;
    for (const record of known) this.#records.set(record.fingerprint, record);
    this.#snapshot = this.#take();
  }

  /** Adds files and starts to send them. */
  add(files: ChosenFile[]): void {
    const marks = fingerprints(files, this.#tasks.map((task) => task.fingerprint));
    files.forEach((chosen, i) => { this.#tasks.push(newTask(this.#tasks.length, chosen, marks[i] ?? '', this.#records)); });
    this.resume();
  }

  /** Goes on with what waits. */
  resume(): void {
    if (this.#phase === 'closed') return;
    this.#abort = new AbortController();
    this.#problem = undefined;
    this.#phase = 'sending';
    this.#cursor = 0;
    this.#fill();
    this.#show();
  }

  /** Stops. What the server acknowledged is kept. */
  stop(problem?: Problem): void {
    if (this.#phase !== 'sending') return;
    this.#phase = 'stopped';
    this.#problem = problem;
    this.#abort.abort(new DOMException('stopped', 'AbortError'));
    this.#show();
  }

  /** Tries the failed files once more. A file that was refused begins anew. */
  retryFailed(): void {
    for (const task of this.#tasks.filter(({ state }) => state === 'failed')) {
      if (task.problem && !isRetryable(task.problem)) this.#records.delete(task.fingerprint);
      Object.assign(task, { state: 'waiting', problem: undefined, hashed: 0, sent: 0 });
    }
    this.resume();
  }

  /** Says that nothing more will come. */
  close(): void {
    this.#phase = 'closed';
    this.#show();
  }

  /** Every file with its outcome, in the order in which they were added. */
  tasks(): readonly FileTask[] {
    return this.#tasks;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };

  readonly snapshot = (): RunSnapshot => this.#snapshot;

  #fill(): void {
    while (this.#phase === 'sending' && this.#active < (this.#tools.parallel ?? 3)) {
      const task = this.#nextWaiting();
      if (!task) break;
      this.#active += 1;
      void this.#work(task, this.#abort.signal);
    }
    if (this.#phase === 'sending' && this.#active === 0) this.#phase = 'settled';
  }

  #nextWaiting(): FileTask | undefined {
    while (this.#cursor < this.#tasks.length) {
      const task = this.#tasks[this.#cursor++];
      if (task?.state === 'waiting') return task;
    }
    return undefined;
  }

  async #work(task: FileTask, signal: AbortSignal): Promise<void> {
    task.state = 'active';
    this.#tell();
    try {
      const received = await this.#send(task, signal);
      Object.assign(task, { state: 'received', ...received, sent: task.file.size });
    } catch (error) {
      this.#failed(task, error, signal);
    }
    this.#active -= 1;
    this.#fill();
    this.#tell();
  }

  async #send(task: FileTask, signal: AbortSignal): Promise<Received> {
    const { digester, records, send, newKey } = this.#tools;
    const before = this.#records.get(task.fingerprint);
    const record = before ?? { intake: this.intake.id, fingerprint: task.fingerprint, key: newKey() };
    this.#records.set(task.fingerprint, record);
    if (!before) await records.putUpload(record);
    const sha256 = digester.digest(task.file, (hashed) => { task.hashed = hashed; this.#tell(); }, signal)
      .then((hex) => { Object.assign(task, { sha256: hex, hashed: task.file.size }); return hex; });
    sha256.catch(() => undefined); // whoever awaits it hears of it
    const received = await send({
      chosen: task, intake: this.intake.id, key: record.key, url: record.url, sha256, signal,
      onUrl: (url) => { record.url = url; void records.putUpload(record); },
      onProgress: (sent) => {
        if (task.sent === 0 && record.url && before?.url) task.resumedAt = sent;
        task.sent = sent;
        this.#tell();
      },
    });
    record.received = { ...received, sha256: await sha256 };
    await records.putUpload(record);
    return received;
  }

  /** What concerns one file is its own; what concerns all stops the run, and the file waits again. */
  #failed(task: FileTask, error: unknown, signal: AbortSignal): void {
    const problem = toProblem(error);
    const ofAll = isRetryable(problem) || problem.code === 'unauthenticated' || problem.code === 'storage-unsafe';
    if (!signal.aborted && !ofAll) {
      Object.assign(task, { state: 'failed', problem });
      return;
    }
    Object.assign(task, { state: 'waiting', hashed: 0 });
    this.#cursor = Math.min(this.#cursor, task.id); // it may have been resumed already
    if (!signal.aborted) this.stop(problem);
  }

  /** Progress comes in a flood: it is shown a few times a second. */
  #tell(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => { this.#show(); }, this.#tools.pause ?? 150);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#snapshot = this.#take();
    for (const listener of this.#listeners) listener();
  }

  #take(): RunSnapshot {
    const s: RunSnapshot = { phase: this.#phase, problem: this.#problem, files: this.#tasks.length, bytes: 0, sent: 0, received: 0, waiting: 0, active: [], failed: [] };
    for (const task of this.#tasks) {
      s.bytes += task.file.size;
      s.sent += task.sent;
      if (task.state === 'received') s.received += 1;
      else if (task.state === 'waiting') s.waiting += 1;
      else s[task.state].push({ ...task });
    }
    return s;
  }
}

function newTask(id: number, chosen: ChosenFile, fingerprint: string, records: Map<string, UploadRecord>): FileTask {
  const received = records.get(fingerprint)?.received;
  const size = received ? chosen.file.size : 0;
  return {
    ...chosen, id, fingerprint, state: received ? 'received' : 'waiting', hashed: size, sent: size, resumedAt: 0,
    sha256: received?.sha256, item: received?.item, exhibit: received?.exhibit, problem: undefined, known: received !== undefined,
  };
}
