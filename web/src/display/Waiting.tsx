import { Skeleton } from '@mantine/core';
import { ProblemAlert } from './ProblemAlert';

interface Query { data: unknown; error: unknown; refetch: () => unknown }

/** What stands where a query's data is missing: why it does not come, or that it is on its way. */
export function Waiting({ query: { data, error, refetch }, what, h = 240 }: { query: Query; what: string; h?: number }) {
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton h={h} role="status" aria-label={`Loading ${what}`} />;
  return null;
}
