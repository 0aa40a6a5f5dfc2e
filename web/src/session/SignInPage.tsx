import { Anchor, Box, Button, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Navigate, useLocation } from 'react-router';
import { ProblemAlert } from '../display/ProblemAlert';
import { Mark } from '../frame/Mark';
import { SchemeToggle } from '../frame/SchemeToggle';
import { sessionQuery, useSignIn } from './queries';
import classes from './SignInPage.module.css';

/** Where a person proves who they are. */
export function SignInPage() {
  useDocumentTitle('Sign in · Sealcase');
  const { data: session } = useQuery(sessionQuery);
  const location = useLocation();
  const signIn = useSignIn();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  if (session) return <Navigate to={origin(location.state)} replace />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ login: login.trim(), password });
  };
  return (
    <Box className={classes.page}>
      <Group justify="flex-end" p="md"><SchemeToggle /></Group>
      <Box component="main" className={classes.main}>
        <Group gap="sm" mb="lg" justify="center"><Mark size={36} /><Text fz={22} fw={650}>Sealcase</Text></Group>
        <Paper p="xl" radius="md" shadow="xs">
          <form onSubmit={submit}>
            <Stack gap="md">
              <div>
                <Title order={1}>Sign in</Title>
                <Text size="sm" c="dimmed">Every act in here is recorded under your name.</Text>
              </div>
              {signIn.error && <ProblemAlert error={signIn.error} />}
              <TextInput label="Login" name="login" autoComplete="username" autoCapitalize="none" spellCheck={false} required data-autofocus value={login} onChange={(e) => { setLogin(e.currentTarget.value); }} />
              <PasswordInput label="Password" name="password" autoComplete="current-password" required value={password} onChange={(e) => { setPassword(e.currentTarget.value); }} />
              <Button type="submit" size="md" loading={signIn.isPending} disabled={!login.trim() || !password}>Sign in</Button>
            </Stack>
          </form>
        </Paper>
        <Text size="xs" c="dimmed" ta="center" mt="md">
          To verify a bundle you need no login: take the <Anchor inherit underline="always" href="/api/v1/keys">agency&rsquo;s public keys</Anchor> and run <code>sealcase-verify</code>.
        </Text>
      </Box>
    </Box>
  );
}

/** The page that was asked for first; only a path of ours. */
function origin(state: unknown): string {
  const from = typeof state === 'object' && state !== null && 'from' in state ? state.from : undefined;
  return typeof from === 'string' && /^\/(?![/\\])/.test(from) ? from : '/cases';
}
