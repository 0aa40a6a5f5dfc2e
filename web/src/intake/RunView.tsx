import { Alert, Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { ProblemError } from '../api/problem';
import { count, formatBytes } from '../display/bytes';
import { ProblemAlert } from '../display/ProblemAlert';
import type { IntakeRun, RunSnapshot } from './IntakeRun';
import { useCompleteIntake } from './queries';
import { TaskList } from './TaskList';
import { useRunSnapshot, useUploadCenter } from './UploadCenter';

/** A run under way: how far it is, what failed and why, and what can be done. */
export function RunView({ run }: { run: IntakeRun }) {
  const snapshot = useRunSnapshot(run);
  const center = useUploadCenter();
  const navigate = useNavigate();
  const { mutate: complete, error, isPending, isIdle } = useCompleteIntake(run.intake.case);
  const finish = () => {
    complete(run.intake.id, { onSuccess: () => {
      void navigate(`/cases/${run.intake.case}/evidence/deliveries/${run.intake.id}`);
      center.end(run);
    } });
  };
  const done = snapshot.phase === 'settled' && snapshot.files > 0 && snapshot.failed.length === 0 && snapshot.received === snapshot.files;
  useEffect(() => {
    if (done && isIdle) finish();
  });
  return (
    <Stack>
      <Paper p="md">
        <Group justify="space-between" mb="xs">
          <Title order={3} role="status">{headline(snapshot)}</Title>
          <Group gap="xs">
            {snapshot.phase === 'sending' && <Button size="xs" variant="default" leftSection={<IconPlayerPause size={14} />} onClick={() => { run.stop(); }}>Pause</Button>}
            {snapshot.phase === 'stopped' && <Button size="xs" leftSection={<IconPlayerPlay size={14} />} onClick={() => { run.resume(); }}>Resume</Button>}
          </Group>
        </Group>
        <Progress.Root size="lg">
          <Progress.Section value={percent(snapshot)} color={snapshot.failed.length > 0 ? 'wax' : 'harbour'} aria-label={`Sent ${formatBytes(snapshot.sent)} of ${formatBytes(snapshot.bytes)}`} />
        </Progress.Root>
        <Text size="xs" c="dimmed" mt={6} className="tabular">{snapshot.received.toLocaleString('en')} of {count(snapshot.files, 'file')} received · {formatBytes(snapshot.sent)} of {formatBytes(snapshot.bytes)}</Text>
        {snapshot.phase === 'sending' && <Text size="xs" c="dimmed">You may look at other pages of Sealcase meanwhile. After a reload you choose the same files again, and it goes on.</Text>}
      </Paper>
      {snapshot.problem && <ProblemAlert error={new ProblemError(snapshot.problem)} onRetry={() => { run.resume(); }} />}
      {error && <ProblemAlert error={error} onRetry={finish} />}
      <TaskList title="On their way" tasks={snapshot.active} />
      <TaskList title="Failed" tasks={snapshot.failed} />
      {snapshot.phase === 'settled' && snapshot.failed.length > 0 && (
        <Alert color="wax" title={`${count(snapshot.failed.length, 'file')} of ${snapshot.files.toLocaleString('en')} could not be added`}>
          <Text size="sm">The other {count(snapshot.received, 'file')} are received and locked.</Text>
          <Group mt="sm" gap="xs">
            <Button size="xs" leftSection={<IconRefresh size={14} />} onClick={() => { run.retryFailed(); }}>Try the failed ones again</Button>
            <Button size="xs" variant="default" loading={isPending} onClick={finish}>Complete without them</Button>
          </Group>
        </Alert>
      )}
    </Stack>
  );
}

function headline({ phase, received, files, failed }: RunSnapshot): string {
  if (phase === 'stopped') return 'Paused: what is received is kept';
  if (phase === 'sending') return `Sending ${count(files - received - failed.length, 'file')}`;
  return failed.length > 0 ? 'Done, with failures' : 'Received; closing the delivery';
}

/** How far a run is; a file without bytes counts as one. */
export function percent({ sent, bytes, received, files }: RunSnapshot): number {
  return files === 0 ? 0 : (100 * (sent + received)) / (bytes + files);
}
