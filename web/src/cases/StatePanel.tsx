import { Button, Group, Modal, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import type { CaseDetail, CaseState } from '../api/types';
import { ProblemAlert } from '../display/ProblemAlert';
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
  const [reason, setReason] = useState('');
  const transition = useTransition(detail.case.id);
  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      transition.mutate({ to, reason: reason.trim(), version: detail.case.version }, { onSuccess: onDone });
    }}>
      <Stack>
        <Text size="sm">{caseStates[to].meaning}. The change goes on record with your reason.</Text>
        <Textarea label="Reason" required maxLength={2000} data-autofocus value={reason} onChange={(e) => { setReason(e.currentTarget.value); }} />
        {transition.error && <ProblemAlert error={transition.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>Cancel</Button>
          <Button type="submit" disabled={!reason.trim()} loading={transition.isPending}>Put on record</Button>
        </Group>
      </Stack>
    </form>
  );
}
