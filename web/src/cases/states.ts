import type { CaseState } from '../api/types';

/** The states in their usual order, with their colour and what they mean. */
export const caseStates: Record<CaseState, { color: string; label: string; meaning: string }> = {
  intake: { color: 'wax', label: 'Intake', meaning: 'A report came in; not yet an investigation' },
  open: { color: 'harbour', label: 'Open', meaning: 'Under investigation' },
  referred: { color: 'harbour', label: 'Referred', meaning: 'Handed to the prosecution for a decision' },
  charged: { color: 'harbour', label: 'Charged', meaning: 'Charges are filed' },
  trial: { color: 'harbour', label: 'Trial', meaning: 'Before a court' },
  closed: { color: 'gray', label: 'Closed', meaning: 'No new evidence comes in' },
  archived: { color: 'gray', label: 'Archived', meaning: 'Final' },
};

/** Whether a case in this state takes new evidence (evidence.CaseState.AcceptsEvidence). */
export function acceptsEvidence(state: CaseState): boolean {
  return state !== 'closed' && state !== 'archived';
}
