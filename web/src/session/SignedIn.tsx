import { Center, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from 'react-router';
import { ProblemAlert } from '../display/ProblemAlert';
import { sessionQuery } from './queries';

/** Lets signed-in people through, and brings others to the sign-in page and back. */
export function SignedIn() {
  const { data, error, isPending, refetch } = useQuery(sessionQuery);
  const location = useLocation();
  if (isPending) return <Center h="100vh"><Loader aria-label="Loading" /></Center>;
  // A session that cannot be asked about just now is no reason to take away what somebody is typing.
  if (error && !data) return <Center h="100vh" p="md"><ProblemAlert error={error} onRetry={() => void refetch()} /></Center>;
  if (!data) return <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />;
  return <Outlet />;
}
