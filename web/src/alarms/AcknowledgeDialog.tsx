import { Modal } from '@mantine/core';
import type { Alarm } from '../api/types';
import { ReasonForm } from '../display/ReasonForm';
import { alarmKinds } from './kinds';
import { useAcknowledge } from './queries';

/** Takes note of an alarm, with what is being done about it. */
export function AcknowledgeDialog({ alarm, onClose }: { alarm: Alarm | undefined; onClose: () => void }) {
  return (
    <Modal opened={alarm !== undefined} onClose={onClose} title="Acknowledge an alarm">
      {alarm && <Form alarm={alarm} onDone={onClose} />}
    </Modal>
  );
}

function Form({ alarm, onDone }: { alarm: Alarm; onDone: () => void }) {
  const acknowledge = useAcknowledge(alarm.id);
  return (
    <ReasonForm act={acknowledge} onCancel={onDone} onPut={(reason) => { acknowledge.mutate(reason, { onSuccess: onDone }); }}>
      <b>{alarmKinds[alarm.kind].label}.</b> Say what was found out and what is being done. It goes on record in the register under your name, signed
      with your own key. Acknowledging repairs nothing: the alarm stays on record.
    </ReasonForm>
  );
}
