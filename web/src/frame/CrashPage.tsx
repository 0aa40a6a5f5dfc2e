import { Box } from '@mantine/core';
import { useRouteError } from 'react-router';
import { ProblemAlert } from '../display/ProblemAlert';

/** A defect of the pages themselves. */
export function CrashPage() {
  const error = useRouteError();
  return <Box p="md" maw={640} m="auto"><ProblemAlert error={error} onRetry={() => { window.location.reload(); }} /></Box>;
}
