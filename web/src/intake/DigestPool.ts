import { ProblemError, localProblem } from '../api/problem';
import type { DigestReply, DigestRequest } from './digest.worker';

/** Hashes files, somewhere else than where the page is drawn. */
export interface Digester {
  digest(blob: Blob, onProgress: (hashed: number) => void, signal: AbortSignal): Promise<string>;
}

interface Job {
  id: number;
  blob: Blob;
  signal: AbortSignal;
  onProgress: (hashed: number) => void;
  resolve: (sha256: string) => void;
  reject: (error: unknown) => void;
}

interface Seat { worker: Worker; job: Job | undefined }

/** A few workers that hash files, one at a time each, in the order of asking. */
export class DigestPool implements Digester {
  readonly #seats: Seat[] = [];
  readonly #waiting: Job[] = [];
  readonly #size: number;
  readonly #open: () => Worker;
  #next = 1;

  constructor(size: number, open: () => Worker) {
    this.#size = size;
    this.#open = open;
  }

  digest(blob: Blob, onProgress: (hashed: number) => void, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const job: Job = { id: this.#next++, blob, signal, onProgress, resolve, reject };
      signal.addEventListener('abort', () => { this.#drop(job, signal.reason); }, { once: true });
      this.#waiting.push(job);
      this.#assign();
    });
  }

  #assign(): void {
    for (;;) {
      // What was stopped at the same moment hears of it by itself.
      while (this.#waiting[0]?.signal.aborted) this.#waiting.shift();
      const seat = this.#seats.find(({ job }) => !job) ?? this.#hire();
      const job = seat && this.#waiting.shift();
      if (!job) return;
      seat.job = job;
      seat.worker.postMessage({ id: job.id, blob: job.blob } satisfies DigestRequest);
    }
  }

  #hire(): Seat | undefined {
    if (this.#seats.length >= this.#size || this.#waiting.length === 0) return undefined;
    const seat: Seat = { worker: this.#open(), job: undefined };
    seat.worker.addEventListener('message', ({ data }: MessageEvent<DigestReply>) => { this.#hear(seat, data); });
    seat.worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#end(seat, (job) => { job.reject(unreadable(event.message || 'the hashing worker could not be started')); });
    });
    this.#seats.push(seat);
    return seat;
  }

  #hear(seat: Seat, reply: DigestReply): void {
    if (seat.job?.id !== reply.id) return;
    if ('hashed' in reply) seat.job.onProgress(reply.hashed);
    else this.#end(seat, (job) => { if ('sha256' in reply) job.resolve(reply.sha256); else job.reject(unreadable(reply.error)); });
  }

  #end(seat: Seat, tell: (job: Job) => void): void {
    const { job } = seat;
    seat.job = undefined;
    if (job) tell(job);
    this.#assign();
  }

  /** Gives a job up. One under way ends with its worker: a hash cannot be interrupted otherwise. */
  #drop(job: Job, reason: unknown): void {
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    const seat = this.#seats.findIndex((other) => other.job === job);
    if (seat >= 0) this.#seats.splice(seat, 1)[0]?.worker.terminate();
    job.reject(reason);
    this.#assign();
  }
}

function unreadable(why: string): ProblemError {
  return new ProblemError(localProblem('incomplete', 'The file cannot be read', `This machine could not read the file to its end: ${why}`, {
    kept: 'The file was not added; the others go on.', try: 'See whether the file was moved, changed or unplugged, then add it again.',
  }));
}

/** Workers for this page: two hash faster than most networks carry. */
export function newDigestPool(): DigestPool {
  const size = Math.max(1, Math.min(2, navigator.hardwareConcurrency - 1));
  return new DigestPool(size, () => new Worker(new URL('./digest.worker.ts', import.meta.url), { type: 'module' }));
}
