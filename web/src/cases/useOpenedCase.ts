import { useOutletContext } from 'react-router';
import type { CaseDetail } from '../api/types';

/** The case whose page this is; for pages within CaseLayout. */
export function useOpenedCase(): CaseDetail {
  return useOutletContext<CaseDetail>();
}

/** The name of a person of this case, by identifier. */
export function personName(detail: CaseDetail, id: string): string {
  const member = detail.members.find(({ person }) => person === id);
  if (member) return member.name;
  return id.startsWith('service:') ? `Sealcase ${id.slice('service:'.length)}` : id;
}

/** An exhibit's number as people quote it, such as "2026-0007/E-00012". */
export function exhibitNumber(prefix: string, exhibit: number): string {
  return prefix + String(exhibit).padStart(5, '0');
}
