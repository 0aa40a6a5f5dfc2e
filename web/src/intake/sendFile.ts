import { DetailedError, Upload, type HttpRequest, type HttpResponse, type HttpStack, type UploadOptions } from 'tus-js-client';
import { ProblemError, isRetryable, problemFromBody, toProblem, unreachable } from '../api/problem';
import type { Problem } from '../api/types';
import { reprDigest } from './digest';
import type { ChosenFile, Received } from './model';

/** Up to this size a file goes in one request, hashed before; above, hashing and sending go side by side. */
export const oneRequest = 16 << 20;
/** How much one request of a larger file brings. */
export const chunkSize = 64 << 20;

const endpoint = '/api/v1/uploads/';
/** Waits between attempts (ms): a restart of the server or a minute without network is sat out. */
const retryDelays = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000];

/** What sending a file needs. */
export interface Sending {
  chosen: ChosenFile;
  intake: string;
  /** Of this upload; a repeated creation with it creates nothing more. */
  key: string;
  /** Where an upload that was broken off goes on. */
  url: string | undefined;
  /** Resolves when the whole file is hashed. */
  sha256: Promise<string>;
  signal: AbortSignal;
  onUrl: (url: string) => void;
  onProgress: (sent: number) => void;
  /** For tests; the browser's own otherwise. */
  httpStack?: HttpStack;
  delays?: number[];
}

/** Brings one file to the server, resumed where it was, and returns what it became. */
export async function sendFile(sending: Sending): Promise<Received> {
  const { size } = sending.chosen.file;
  if (size > oneRequest || sending.url) return upload(sending, {});
  const sha256 = await sending.sha256;
  try {
    return await upload(sending, { metadata: { ...metadata(sending), sha256 }, uploadDataDuringCreation: size > 0, retryDelays: null });
  } catch (error) {
    // The answer was lost: the same key finds what the first request began, and goes on from its offset.
    const problem = toProblem(error);
    if (!(isRetryable(problem) || problem.code === 'conflict' || problem.code === 'incomplete')) throw error;
    return upload(sending, { metadata: { ...metadata(sending), sha256 } });
  }
}

function upload(sending: Sending, more: Partial<UploadOptions>): Promise<Received> {
  const { chosen: { file }, signal } = sending;
  return new Promise((resolve, reject) => {
    let last: HttpResponse | undefined;
    const options: UploadOptions = {
      endpoint, chunkSize, metadata: metadata(sending), retryDelays: sending.delays ?? retryDelays, uploadUrl: sending.url ?? null,
      storeFingerprintForResuming: false, removeFingerprintOnSuccess: false,
      onBeforeRequest: (request) => prepare(request, sending),
      onAfterResponse: (_, response) => { last = response; },
      onShouldRetry: (error) => mayRetry(error),
      onUploadUrlAvailable: () => { if (tus.url) sending.onUrl(tus.url); },
      onProgress: (sent) => { sending.onProgress(sent); },
      onError: (error) => { reject(asProblem(error)); },
      onSuccess: () => { resolve(confirmed(tus.url, last, sending)); },
      ...(sending.httpStack && { httpStack: sending.httpStack }),
      ...more,
    };
    const tus = new Upload(file, options);
    signal.addEventListener('abort', () => { void tus.abort(); reject(abortReason(signal)); }, { once: true });
    if (signal.aborted) reject(abortReason(signal));
    else tus.start();
  });
}

function metadata({ chosen: { file, name, path }, intake }: Sending): Record<string, string> {
  const modified = new Date(file.lastModified);
  return {
    intake, name,
    ...(path && { path }),
    ...(!Number.isNaN(modified.getTime()) && { modified_at: modified.toISOString() }),
  };
}

/** The request that brings the last bytes carries the digest of all of them, and waits for it. */
async function prepare(request: HttpRequest, { chosen: { file }, key, sha256 }: Sending): Promise<void> {
  if (request.getMethod() === 'POST') request.setHeader('Idempotency-Key', key);
  if (request.getMethod() !== 'PATCH') return;
  const offset = Number(request.getHeader('Upload-Offset'));
  if (offset + chunkSize >= file.size) request.setHeader('Repr-Digest', reprDigest(await sha256));
}

/** The item that an upload became: from the last answer, or by asking for the receipt. */
async function confirmed(url: string | null, last: HttpResponse | undefined, { chosen: { file }, sha256 }: Sending): Promise<Received> {
  const item = last?.getHeader('Sealcase-Item');
  if (item) return { item, exhibit: last?.getHeader('Sealcase-Exhibit') ?? '' };
  if (!url) throw new ProblemError(unreachable());
  // The server is this page's origin, whatever a proxy calls it.
  const path = new URL(url, 'http://origin.invalid').pathname;
  let response = await fetch(`${path}/item`);
  if (response.status === 409) {
    // Every byte is there, and completing it failed then: an empty last request completes it now.
    const finish = await fetch(path, { method: 'PATCH', headers: {
      'Tus-Resumable': '1.0.0', 'Upload-Offset': String(file.size), 'Content-Type': 'application/offset+octet-stream', 'Repr-Digest': reprDigest(await sha256),
    } });
    if (!finish.ok) throw new ProblemError(problemFromBody(finish.status, await finish.text()));
    response = await fetch(`${path}/item`);
  }
  if (!response.ok) throw new ProblemError(problemFromBody(response.status, await response.text()));
  const view = await response.json() as { item: { id: string }; exhibit_number: string };
  return { item: view.item.id, exhibit: view.exhibit_number };
}

function mayRetry(error: unknown): boolean {
  const problem = asProblem(error).problem;
  // Another offset, or a request of ours that the server still reads: asking for the offset settles it.
  return isRetryable(problem) || problem.code === 'incomplete' || problem.status === 409 || problem.status === 423;
}

/** What went wrong with an upload, as the server said it. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof DetailedError) {
    const cause: unknown = error.causingError;
    if (cause instanceof ProblemError) return cause; // the file could not be hashed
    const response = error.originalResponse;
    return new ProblemError(response && response.getStatus() > 0 ? problemFromBody(response.getStatus(), response.getBody()) : unreachable());
  }
  return new ProblemError(toProblem(error) satisfies Problem);
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException('stopped', 'AbortError');
}
