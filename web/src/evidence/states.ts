import type { Item } from '../api/types';

/** What an item's state means to people. */
export const itemStates: Record<Item['state'], { color: string; label: string; meaning: string }> = {
  received: { color: 'wax', label: 'Received', meaning: 'Stored and locked; being read back before it is sealed' },
  sealed: { color: 'seal', label: 'Sealed', meaning: 'Read back, equal to what was declared, and signed' },
  quarantined: { color: 'alarm', label: 'Quarantined', meaning: 'What was read back differs from what was declared; kept apart' },
};
