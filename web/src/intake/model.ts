import type { Problem } from '../api/types';

/** A file that was chosen, with the folder that it came in. */
export interface ChosenFile {
  file: File;
  name: string;
  /** Of the folder, "/" between names; empty for a file chosen by itself. */
  path: string;
}

/** Where the way of one file stands. */
export type TaskState = 'waiting' | 'active' | 'received' | 'failed';

/** The way of one file into evidence. */
export interface FileTask extends ChosenFile {
  id: number;
  /** Names the file within its intake, so that a resumed one is known again. */
  fingerprint: string;
  state: TaskState;
  hashed: number;
  sent: number;
  /** Bytes that were safe before this page sent any. */
  resumedAt: number;
  sha256: string | undefined;
  item: string | undefined;
  exhibit: string | undefined;
  problem: Problem | undefined;
  /** It was received before this page was opened; it was not sent again. */
  known: boolean;
}

/** What the server said of a file that is received. */
export interface Received {
  item: string;
  exhibit: string;
}

/** The SHA-256 of nothing: what a zero-byte file has. */
export const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
