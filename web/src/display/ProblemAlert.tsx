import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { toProblem } from '../api/problem';

/** A failure: what happened, what was kept, what to try. */
export function ProblemAlert({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const problem = toProblem(error);
  return (
    <Alert color="alarm" variant="light" icon={<IconAlertTriangle size={18} />} title={problem.title} role="alert">
      <Stack gap={6}>
        <Text size="sm">{problem.detail}</Text>
        {problem.fields && problem.fields.length > 0 && (
          <List size="sm">
            {problem.fields.map(({ field, message }) => <List.Item key={field}>{`${field}: ${message}`}</List.Item>)}
          </List>
        )}
        {problem.kept && <Text size="sm"><b>Kept: </b>{problem.kept}</Text>}
        {problem.try && <Text size="sm"><b>Try: </b>{problem.try}</Text>}
        {problem.instance && <Text size="xs" c="dimmed">Reference: {problem.instance}</Text>}
        {onRetry && <div><Button size="xs" variant="default" onClick={onRetry}>Try again</Button></div>}
      </Stack>
    </Alert>
  );
}
