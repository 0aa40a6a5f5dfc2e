import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { limits } from '../api/limits';
import { ProblemAlert } from './ProblemAlert';

/** Asks for the reason of an act before it goes on record. What was typed stays when the act is refused. */
export function ReasonForm({ children, act, ready = true, onPut, onCancel }: {
  children: ReactNode; act: { error: unknown; isPending: boolean }; /** Whether what else the act takes, which children ask for, is given. */
  ready?: boolean; onPut: (reason: string) => void; onCancel: () => void;
}) {
  const [reason, setReason] = useState('');
  const given = reason.trim();
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (given && ready) onPut(given); }}>
      <Stack>
        <Text size="sm" component="div">{children}</Text>
        <Textarea label="Reason" required maxLength={limits.TransitionRequest.reason} data-autofocus value={reason} onChange={(e) => { setReason(e.currentTarget.value); }} />
        {act.error !== null && <ProblemAlert error={act.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>Cancel</Button>
          <Button type="submit" disabled={!given || !ready} loading={act.isPending}>Put on record</Button>
        </Group>
      </Stack>
    </form>
  );
}
