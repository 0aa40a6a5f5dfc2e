import { Alert, Button, Group, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { CaseClass, CaseDetail } from '../api/types';
import { Instant } from '../display/Instant';
import { usePerson } from '../session/queries';
import { ClassBadge } from './ClassBadge';
import { ClassForm } from './ClassForm';
import { caseClasses, classStep, mayInCase, otherClasses, type ClassStep } from './classes';
import { personName } from './useOpenedCase';

/** Who may know of the case, who asks for it to be unsealed, and the way to change it for those who may. */
export function ClassPanel({ detail }: { detail: CaseDetail }) {
  const person = usePerson();
  const may = mayInCase(person, detail);
  const [to, setTo] = useState<CaseClass>();
  const { case: c, class_requests: requests } = detail;
  const steps = otherClasses(c.class).map((other) => ({ other, step: classStep(person.id, may, detail, other) }));
  const close = () => { setTo(undefined); };
  return (
    <Paper p="md" component="section" aria-label="Class of the case">
      <Group justify="space-between" mb={6}><Title order={2}>Class</Title><ClassBadge of={c.class} /></Group>
      <Text size="sm" c="dimmed">{caseClasses[c.class].meaning}.</Text>
      <Stack gap="xs" mt={requests.length > 0 ? 'sm' : 0} aria-live="polite">
        {requests.map((request) => (
          <Alert key={`${request.by} ${request.to}`} color="wax" p="xs" title={`${personName(detail, request.by)} asks for it to become ${lower(request.to)}`} data-class-request={request.to}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{request.reason}</Text>
            <Text size="xs" mt={2}><Instant iso={request.at} />{request.by === person.id && ' · A supervisor who may manage the case, and is somebody else, has to confirm it.'}</Text>
          </Alert>
        ))}
      </Stack>
      <Group gap="xs" mt="sm">
        {steps.map(({ other, step }) => step.kind !== 'none' && step.kind !== 'asked' && (
          <Button key={other} size="xs" variant={step.kind === 'confirm' ? 'filled' : 'default'} onClick={() => { setTo(other); }}>{stepLabel(step, other)}</Button>
        ))}
      </Group>
      <Modal opened={to !== undefined} onClose={close} title={to ? stepTitle(classStep(person.id, may, detail, to), to) : ''}>
        {to && <ClassForm detail={detail} to={to} step={classStep(person.id, may, detail, to)} mayClose={may.close} onDone={close} />}
      </Modal>
    </Paper>
  );
}

function lower(of: CaseClass): string {
  return caseClasses[of].label.toLowerCase();
}

function stepLabel({ kind }: ClassStep, to: CaseClass): string {
  switch (kind) {
    case 'confirm': return `Confirm: unseal to ${lower(to)}`;
    case 'ask': return `Ask to unseal to ${lower(to)}`;
    default: return to === 'sealed' ? 'Seal by order' : `Make ${lower(to)}`;
  }
}

function stepTitle({ kind }: ClassStep, to: CaseClass): string {
  switch (kind) {
    case 'confirm': return 'Confirm that the case is unsealed';
    case 'ask': return 'Ask for the case to be unsealed';
    default: return to === 'sealed' ? 'Seal the case by order' : `Make the case ${lower(to)}`;
  }
}
