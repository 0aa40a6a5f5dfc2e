import { IconEyeOff, IconLock, IconUsers, type Icon } from '@tabler/icons-react';
import type { CaseClass, CaseDetail, ClassRequest, Person } from '../api/types';

/** How a class of cases is called and looks, and what it means. */
export interface ClassLook { label: string; color: string; icon: Icon; meaning: string }

/** The classes, the widest first. */
export const caseClasses: Record<CaseClass, ClassLook> = {
  ordinary: {
    label: 'Ordinary', color: 'gray', icon: IconUsers,
    meaning: 'Only members see the case. Investigators and supervisors among them who may manage it add people. Alarms about it are shown to everybody who sees alarms',
  },
  restricted: {
    label: 'Restricted', color: 'wax', icon: IconLock,
    meaning: 'Only members see the case. Only a supervisor who is a member and may manage it adds people',
  },
  sealed: {
    label: 'Sealed by order', color: 'wax', icon: IconEyeOff,
    meaning: 'As restricted; besides, only members are told that the case exists: others see no alarm about it and no count of it. To unseal it takes two people',
  },
};

/** The other classes that a case of one can become, the widest first. */
export function otherClasses(of: CaseClass): CaseClass[] {
  return (Object.keys(caseClasses) as CaseClass[]).filter((other) => other !== of);
}

/** What a person may do about who is in a case: the rules of evidence/act. The server decides; this only hides what it would refuse. */
export interface MayInCase { add: boolean; close: boolean; ask: boolean }

export function mayInCase({ roles, id }: Pick<Person, 'roles' | 'id'>, { case: c, members }: Pick<CaseDetail, 'case' | 'members'>): MayInCase {
  const grant = members.find(({ person, ended_at: ended }) => person === id && !ended)?.grant;
  const manages = grant === 'manage';
  const close = manages && roles.includes('supervisor');
  return {
    close,
    add: c.class === 'ordinary' ? manages && (roles.includes('investigator') || roles.includes('supervisor')) : close,
    ask: (manages || grant === 'contribute') && (['investigator', 'prosecutor', 'supervisor'] as const).some((role) => roles.includes(role)),
  };
}

/** What a person can do to bring a case into another class: change it, confirm what somebody else asks for, ask for it, or nothing but wait. */
export type ClassStep = { kind: 'change' | 'ask' | 'asked' | 'none' } | { kind: 'confirm'; request: ClassRequest };

export function classStep(person: string, may: MayInCase, { case: c, class_requests: requests }: Pick<CaseDetail, 'case' | 'class_requests'>, to: CaseClass): ClassStep {
  if (c.class !== 'sealed') return { kind: may.close ? 'change' : 'none' };
  const wanted = requests.filter((request) => request.to === to);
  const other = wanted.findLast(({ by }) => by !== person);
  if (other && may.close) return { kind: 'confirm', request: other };
  if (wanted.some(({ by }) => by === person)) return { kind: 'asked' };
  return { kind: may.ask ? 'ask' : 'none' };
}
