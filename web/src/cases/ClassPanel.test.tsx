import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { CaseClass, CaseDetail, ClassRequest, Member, Role, Session } from '../api/types';
import { sessionKeys } from '../session/keys';
import { ClassPanel } from './ClassPanel';
import { MembersPanel } from './MembersPanel';

const server = vi.hoisted(() => {
  const made = { sent: [] as { path: string; match: string | null; body: unknown }[] };
  globalThis.fetch = async (request) => {
    const r = (request as Request).clone();
    made.sent.push({ path: new URL(r.url).pathname, match: r.headers.get('If-Match'), body: await r.json() as unknown });
    return Response.json({});
  };
  return made;
});

beforeEach(() => { server.sent = []; });

const at = '2026-01-02T15:04:05.000Z';
const member = (person: string, grant: Member['grant']) => ({ person, login: person, name: `Name of ${person}`, grant, added_at: at }) as Member;
const asks = (by: string, to: CaseClass): ClassRequest => ({ by, to, at, reason: 'charges were filed' });

/** Shows the panels to "me", who holds a role and a grant in a case of a class. */
function show(of: CaseClass, role: Role, grant: Member['grant'], requests: ClassRequest[] = []) {
  const client = new QueryClient();
  client.setQueryData(sessionKeys.all, { person: { id: 'me', login: 'me', name: 'Me', roles: [role] } } as unknown as Session);
  const detail = { case: { id: 'case-1', number: '1', class: of, version: 4 }, members: [member('me', grant), member('ida', 'contribute')], class_requests: requests } as unknown as CaseDetail;
  render(<MantineProvider><QueryClientProvider client={client}><ClassPanel detail={detail} /><MembersPanel detail={detail} /></QueryClientProvider></MantineProvider>);
}

const buttons = () => within(screen.getByRole('region', { name: 'Class of the case' })).queryAllByRole('button').map(({ textContent }) => textContent);

async function put(button: string, reason: string) {
  await userEvent.click(screen.getByRole('button', { name: button }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'Reason' }), reason);
  return dialog;
}

it.each<[CaseClass, Role, Member['grant'], string[], boolean]>([
  ['ordinary', 'supervisor', 'manage', ['Make restricted', 'Seal by order'], true],
  ['ordinary', 'investigator', 'manage', [], true],
  ['ordinary', 'supervisor', 'contribute', [], false],
  ['restricted', 'supervisor', 'manage', ['Make ordinary', 'Seal by order'], true],
  ['restricted', 'investigator', 'manage', [], false],
  ['sealed', 'supervisor', 'manage', ['Ask to unseal to ordinary', 'Ask to unseal to restricted'], true],
  ['sealed', 'prosecutor', 'contribute', ['Ask to unseal to ordinary', 'Ask to unseal to restricted'], false],
  ['sealed', 'prosecutor', 'read', [], false],
  ['sealed', 'examiner', 'manage', [], false],
])('offers, in a case that is %s, to a %s who may %s what they may', (of, role, grant, wanted, adds) => {
  show(of, role, grant);
  expect(buttons()).toEqual(wanted);
  expect(screen.queryByRole('button', { name: 'Add member' }) !== null).toBe(adds);
});

it('seals a case by an order only', async () => {
  show('restricted', 'supervisor', 'manage');
  const dialog = await put('Seal by order', 'an informant');
  expect(dialog).toHaveTextContent('Who knew of the case before still knows of it, and its number stays');
  expect(within(dialog).getByRole('button', { name: 'Put on record' })).toBeDisabled();
  await userEvent.type(within(dialog).getByRole('textbox', { name: 'Order' }), ' Order 26-mc-7 ');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Put on record' }));
  await waitFor(() => {
    expect(server.sent).toEqual([{ path: '/api/v1/cases/case-1/class', match: '"v4"', body: { to: 'sealed', reason: 'an informant', authority: 'Order 26-mc-7' } }]);
  });
});

it('restricts a case without one', async () => {
  show('ordinary', 'supervisor', 'manage');
  const dialog = await put('Make restricted', 'a leak');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Put on record' }));
  await waitFor(() => { expect(server.sent.map(({ body }) => body)).toEqual([{ to: 'restricted', reason: 'a leak' }]); });
});

it('has a second person confirm, who is told what the first one said', async () => {
  show('sealed', 'supervisor', 'manage', [asks('me', 'restricted'), asks('ida', 'ordinary')]);
  expect(screen.getByText('Name of ida asks for it to become ordinary')).toBeVisible();
  expect(buttons()).toEqual(['Confirm: unseal to ordinary']); // one's own request is not confirmed by oneself
  const dialog = await put('Confirm: unseal to ordinary', 'as asked');
  expect(dialog).toHaveTextContent('Name of ida asked for it: “charges were filed”. You are the second person');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Put on record' }));
  await waitFor(() => { expect(server.sent.map(({ body }) => body)).toEqual([{ to: 'ordinary', reason: 'as asked' }]); });
});

it('has who may not change it wait for a supervisor', () => {
  show('sealed', 'prosecutor', 'contribute', [asks('me', 'ordinary'), asks('ida', 'restricted')]);
  expect(buttons()).toEqual(['Ask to unseal to restricted']);
  expect(screen.getByText(/A supervisor who may manage the case, and is somebody else, has to confirm it/)).toBeVisible();
});
