import { Button, Group, Modal, Paper, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { CaseDetail, CaseState } from '../api/types';
import { ReasonForm } from '../display/ReasonForm';
import { useHasRole } from '../session/queries';
import { useTransition } from './queries';
import { StateBadge } from './StateBadge';
import { caseStates } from './states';

/** Where the case stands, and where it may go from there. */
export function StatePanel({ detail }: { detail: CaseDetail }) {
  const mayMove = useHasRole('investigator', 'supervisor', 'prosecutor');
  const [to, setTo] = useState<CaseState>();
  const { case: c, allowed_transitions: allowed } = detail;
  return (
    <Paper p="md">
      <Group justify="space-between" mb={6}><Title order={2}>State</Title><StateBadge state={c.state} /></Group>
      <Text size="sm" c="dimmed">{caseStates[c.state].meaning}.</Text>
      {mayMove && allowed.length > 0 && (
        <Group gap="xs" mt="sm">
          {allowed.map((next) => <Button key={next} size="xs" variant="default" onClick={() => { setTo(next); }}>{`To ${caseStates[next].label.toLowerCase()}`}</Button>)}
        </Group>
      )}
      <Modal opened={to !== undefined} onClose={() => { setTo(undefined); }} title={to ? `Bring the case to ${caseStates[to].label.toLowerCase()}` : ''}>
        {to && <TransitionForm detail={detail} to={to} onDone={() => { setTo(undefined); }} />}
      </Modal>
    </Paper>
  );
}

function TransitionForm({ detail, to, onDone }: { detail: CaseDetail; to: CaseState; onDone: () => void }) {
  const transition = useTransition(detail.case.id);
  return (
    <ReasonForm act={transition} onCancel={onDone} onPut={(reason) => { transition.mutate({ to, reason, version: detail.case.version }, { onSuccess: onDone }); }}>
      {caseStates[to].meaning}. The change goes on record with your reason, signed with your own key.
    </ReasonForm>
  );
}
