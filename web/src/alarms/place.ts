import type { Alarm, CaseSummary } from '../api/types';

/** The identifier of the register, which belongs to no case (evidence.RegisterID). */
export const registerId = 'case-t7mscd72h4xjmfguksdgkqwzrq';

/** What an alarm is about, as far as the viewer may know. */
export interface Place {
  /** In words: a case's number, the register, the whole installation. */
  label: string;
  /** The case's page; undefined where the viewer may not open it. */
  casePath?: string;
  /** The exhibit's page; undefined where there is none, or the viewer may not open it. */
  itemPath?: string;
}

/** Where an alarm belongs. Cases are the viewer's own: others are named, not linked. */
export function placeOf(alarm: Pick<Alarm, 'case' | 'item'>, cases: CaseSummary[]): Place {
  if (!alarm.case) return { label: 'The whole installation' };
  if (alarm.case === registerId) return { label: 'The register' };
  const mine = cases.find((summary) => summary.case.id === alarm.case)?.case;
  if (!mine) return { label: `A case that you are not a member of (${alarm.case})` };
  const casePath = `/cases/${mine.id}`;
  return { label: `${mine.number} ${mine.title}`, casePath, ...(alarm.item && { itemPath: `${casePath}/evidence/${alarm.item}` }) };
}
