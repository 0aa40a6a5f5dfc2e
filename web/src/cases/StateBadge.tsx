import { Badge } from '@mantine/core';
import type { CaseState } from '../api/types';
import { caseStates } from './states';

/** A case's state in a word. */
export function StateBadge({ state }: { state: CaseState }) {
  const { color, label, meaning } = caseStates[state];
  return <Badge color={color} variant="light" title={meaning} tt="none">{label}</Badge>;
}
