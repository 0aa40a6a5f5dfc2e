import { Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { count, formatBytes } from '../display/bytes';
import { Name } from '../display/Name';
import type { FileTask } from './model';

const shown = 100;

/** Files with their own progress, or with what went wrong. */
export function TaskList({ title, tasks }: { title: string; tasks: FileTask[] }) {
  if (tasks.length === 0) return null;
  return (
    <Paper p="md" component="section" aria-label={title}>
      <Title order={3} mb="xs">{title}</Title>
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {tasks.slice(0, shown).map((task) => <li key={task.id}>{task.state === 'failed' ? <Failed task={task} /> : <OnItsWay task={task} />}</li>)}
      </Stack>
      {tasks.length > shown && <Text size="xs" c="dimmed" mt="xs">and {count(tasks.length - shown, 'more file')}</Text>}
    </Paper>
  );
}

function OnItsWay({ task }: { task: FileTask }) {
  const size = Math.max(1, task.file.size);
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" truncate><Name text={task.name} /></Text>
        <Text size="xs" c="dimmed" className="tabular" style={{ whiteSpace: 'nowrap' }}>{doing(task)}</Text>
      </Group>
      <Progress value={(100 * task.sent) / size} size="sm" aria-label={`Sent of ${task.name}`} />
      <Progress value={(100 * task.hashed) / size} size={3} color="gray" mt={2} aria-label={`Hashed of ${task.name}`} />
    </div>
  );
}

function doing({ file, hashed, sent, resumedAt }: FileTask): string {
  const size = formatBytes(file.size);
  if (sent >= file.size && hashed >= file.size) return `comparing ${size}`;
  if (sent >= file.size) return `hashing ${formatBytes(hashed)} of ${size}`;
  if (sent === 0) return `hashing ${formatBytes(hashed)} of ${size}`;
  return `${formatBytes(sent)} of ${size}${resumedAt > 0 ? `, resumed at ${formatBytes(resumedAt)}` : ''}`;
}

function Failed({ task }: { task: FileTask }) {
  const { problem } = task;
  return (
    <div>
      <Text size="sm" fw={550}><Name text={task.name} /></Text>
      <Text size="xs" c="var(--text-bad)">{problem?.detail}</Text>
      {problem?.kept && <Text size="xs" c="dimmed"><b>Kept: </b>{problem.kept}</Text>}
      {problem?.try && <Text size="xs" c="dimmed"><b>Try: </b>{problem.try}</Text>}
    </div>
  );
}
