import type { CaseState } from '../api/types';
import { caseStates } from './states';

/** A case's state as a dot, where there is no room for the word; it is read out. */
export function StateDot({ state }: { state: CaseState }) {
  const { color, label } = caseStates[state];
  return (
    <span role="img" aria-label={label} title={label}
      style={{ width: 9, height: 9, flex: 'none', borderRadius: 9, display: 'inline-block', background: `var(--mantine-color-${color}-6)` }} />
  );
}
