import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Role, Session } from '../api/types';
import { sessionKeys } from '../session/keys';
import { NewCasePage } from './NewCasePage';

const server = vi.hoisted(() => {
  const made = { sent: [] as Record<string, unknown>[] };
  globalThis.fetch = async (request) => {
    made.sent.push(await (request as Request).clone().json() as Record<string, unknown>);
    return Response.json({ id: 'case-1' }, { status: 201 });
  };
  return made;
});

beforeEach(() => { server.sent = []; });

function show(role: Role) {
  const client = new QueryClient();
  client.setQueryData(sessionKeys.all, { person: { id: 'me', login: 'me', name: 'Me', roles: [role] } } as unknown as Session);
  render(<MantineProvider><QueryClientProvider client={client}><MemoryRouter><NewCasePage /></MemoryRouter></QueryClientProvider></MantineProvider>);
}

async function fill(name: string, text: string) {
  await userEvent.click(screen.getByRole('textbox', { name }));
  await userEvent.paste(text);
}

it('has a supervisor seal a case by an order', async () => {
  show('supervisor');
  const submit = screen.getByRole('button', { name: 'Open the case' });
  await fill('Title', 'Informant');
  await userEvent.click(screen.getByRole('radio', { name: 'Sealed by order' }));
  expect(submit).toBeDisabled();
  await fill('Order', 'Order 26-mc-7');
  await userEvent.click(submit);
  await waitFor(() => { expect(server.sent).toHaveLength(1); });
  expect(server.sent[0]).toMatchObject({ title: 'Informant', class: 'sealed', authority: 'Order 26-mc-7' });
});

it('does not send an order that was typed for another class', async () => {
  show('supervisor');
  await fill('Title', 'T');
  await userEvent.click(screen.getByRole('radio', { name: 'Sealed by order' }));
  await fill('Order', 'x');
  await userEvent.click(screen.getByRole('radio', { name: 'Restricted' }));
  await userEvent.click(screen.getByRole('button', { name: 'Open the case' }));
  await waitFor(() => { expect(server.sent).toHaveLength(1); });
  expect(server.sent[0]).toMatchObject({ class: 'restricted' });
  expect(server.sent[0]).not.toHaveProperty('authority');
});

it('gives others no choice of a class', async () => {
  show('investigator');
  expect(screen.queryByRole('radio')).toBeNull();
  await fill('Title', 'T');
  await userEvent.click(screen.getByRole('button', { name: 'Open the case' }));
  await waitFor(() => { expect(server.sent).toHaveLength(1); });
  expect(server.sent[0]).not.toHaveProperty('class');
});
