import { Badge } from '@mantine/core';
import type { CaseClass } from '../api/types';
import { caseClasses } from './classes';

/** Who may know of a case, in words. */
export function ClassBadge({ of }: { of: CaseClass }) {
  const { color, label, meaning, icon: Icon } = caseClasses[of];
  return <Badge color={color} variant="light" leftSection={<Icon size={12} aria-hidden />} title={meaning} tt="none" data-class={of}>{label}</Badge>;
}
