import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Intake } from '../api/types';
import { IntakeRun, type RunSnapshot, type RunTools } from './IntakeRun';
import type { UploadRecord } from './records';

/** The runs of this page. They live as long as it does, whichever route is shown. */
export class UploadCenter {
  readonly tools: RunTools;
  readonly #listeners = new Set<() => void>();
  #runs: readonly IntakeRun[] = [];

  constructor(tools: RunTools) {
    this.tools = tools;
  }

  begin(intake: Intake, known: UploadRecord[] = []): IntakeRun {
    const run = new IntakeRun(intake, known, this.tools);
    run.subscribe(() => { this.#tell(); });
    this.#runs = [...this.#runs, run];
    this.#tell();
    return run;
  }

  end(run: IntakeRun): void {
    run.close();
    this.#runs = this.#runs.filter((other) => other !== run);
    this.#tell();
  }

  /** Whether closing the page now would interrupt something. */
  busy(): boolean {
    return this.#runs.some((run) => run.snapshot().phase !== 'closed');
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };

  readonly runs = (): readonly IntakeRun[] => this.#runs;

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const UploadContext = createContext<UploadCenter | undefined>(undefined);

export function useUploadCenter(): UploadCenter {
  const center = useContext(UploadContext);
  if (!center) throw new Error('no UploadProvider is above this component');
  return center;
}

export function useRuns(): readonly IntakeRun[] {
  const center = useUploadCenter();
  return useSyncExternalStore(center.subscribe, center.runs);
}

export function useRunSnapshot(run: IntakeRun): RunSnapshot {
  return useSyncExternalStore(run.subscribe, run.snapshot);
}
