import { Radio, Stack, Textarea } from '@mantine/core';
import { limits } from '../api/limits';
import type { CaseClass } from '../api/types';
import { caseClasses } from './classes';

/** What a new case is from its beginning, and the order by which it is sealed. */
export interface ChosenClass { of: CaseClass; order: string }

/** Whether a case can be opened with the choice: one is sealed by order only. */
export function isWhole({ of, order }: ChosenClass): boolean {
  return of !== 'sealed' || order.trim() !== '';
}

/** Chooses a new case's class. For supervisors: nobody else opens one that is not ordinary. */
export function ClassChoice({ value, onChange }: { value: ChosenClass; onChange: (chosen: ChosenClass) => void }) {
  return (
    <Stack gap="sm">
      <Radio.Group label="Class" description="Who may know of the case" value={value.of} onChange={(of) => { onChange({ ...value, of: of as CaseClass }); }}>
        <Stack gap="xs" mt="xs">
          {(Object.keys(caseClasses) as CaseClass[]).map((of) => <Radio key={of} value={of} label={caseClasses[of].label} description={`${caseClasses[of].meaning}.`} />)}
        </Stack>
      </Radio.Group>
      {value.of === 'sealed' && (
        <Textarea label="Order" description="The court order or other authority by which the case is sealed" required minRows={1} maxLength={limits.OpenCaseRequest.authority}
          value={value.order} onChange={(e) => { onChange({ ...value, order: e.currentTarget.value }); }} />
      )}
    </Stack>
  );
}
