import createClient from 'openapi-fetch';
import { ProblemError, problemFromBody } from './problem';
import type { paths } from './schema';

/** The typed client of the interface for programs. The session is a cookie of the same origin. */
export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin' });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer; throws the problem that came in its place. */
export async function answer<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request;
  if (!response.ok) throw new ProblemError(problemFromBody(response.status, error));
  // An answer without a body has no data; those operations have the type undefined.
  return data as T;
}
