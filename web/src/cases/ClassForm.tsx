import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../api/limits';
import type { CaseClass, CaseDetail } from '../api/types';
import { ReasonForm } from '../display/ReasonForm';
import { caseClasses, type ClassStep } from './classes';
import { useChangeClass } from './queries';
import { personName } from './useOpenedCase';

/** Asks for the reason, and for the order where the case is to be sealed, and puts the change or the request on record. */
export function ClassForm({ detail, to, step, mayClose, onDone }: { detail: CaseDetail; to: CaseClass; step: ClassStep; mayClose: boolean; onDone: () => void }) {
  const change = useChangeClass(detail.case.id);
  const [order, setOrder] = useState('');
  const authority = order.trim();
  const sealing = to === 'sealed';
  return (
    <ReasonForm act={change} onCancel={onDone} ready={!sealing || authority !== ''}
      onPut={(reason) => { change.mutate({ to, reason, version: detail.case.version, ...(sealing && { authority }) }, { onSuccess: onDone }); }}>
      {step.kind === 'confirm' && (
        <Text size="sm" mb="xs">{personName(detail, step.request.by)} asked for it: “{step.request.reason}”. You are the second person: with this, the case is {caseClasses[to].label.toLowerCase()}.</Text>
      )}
      {step.kind === 'ask' && (
        <Text size="sm" mb="xs">The case stays sealed until a supervisor who may manage it, and is somebody else, confirms it.{mayClose && ' If somebody else has asked for the same by now, this confirms it at once.'}</Text>
      )}
      <Text size="sm"><b>{caseClasses[to].label}:</b> {caseClasses[to].meaning}. This goes on record with your reason, signed with your own key.</Text>
      {sealing && <Text size="sm" mt="xs">Who knew of the case before still knows of it, and its number stays. Members stay members: remove those who should see it no more.</Text>}
      {sealing && (
        <Textarea mt="sm" label="Order" description="The court order or other authority by which the case is sealed" required maxLength={limits.ClassChangeRequest.authority} minRows={1}
          value={order} onChange={(e) => { setOrder(e.currentTarget.value); }} />
      )}
    </ReasonForm>
  );
}
