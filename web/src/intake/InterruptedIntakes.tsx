import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { Link } from 'react-router';
import { count } from '../display/bytes';
import { usePerson } from '../session/queries';
import { useInterrupted } from './queries';

/** Says which deliveries stopped half-way in this browser, and leads to carrying them on. */
export function InterruptedIntakes({ caseId }: { caseId: string }) {
  const person = usePerson();
  const interrupted = useInterrupted(caseId, person.id);
  if (interrupted.length === 0) return null;
  return (
    <Stack gap="xs" mb="md">
      {interrupted.map(({ record, received }) => (
        <Alert key={record.intake} color="wax" icon={<IconHistory size={18} />} title="A delivery was interrupted">
          <Group justify="space-between">
            <Text size="sm" flex="1 1 14rem">“{record.source}”: {received} of {count(record.files, 'file')} are safe. The rest was not sent.</Text>
            <Button component={Link} to={`add?intake=${record.intake}`} size="xs" variant="default">Carry on</Button>
          </Group>
        </Alert>
      ))}
    </Stack>
  );
}
