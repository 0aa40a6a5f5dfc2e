import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { Item, Verification } from '../api/types';
import { VerifyPanel } from './VerifyPanel';

const expected = 'ab'.repeat(32);
const verification: Verification = {
  item: 'item-1', exhibit: 1, ok: true, expected_sha256: expected, observed_sha256: expected, length: 10, read: 10, seal_ok: true,
  at: '2026-01-02T15:04:05.000Z', entry: 'entry-1',
};

// The client takes fetch when it is made: it must be ours by then.
const server = vi.hoisted(() => {
  const made = { requests: [] as Request[], bodies: [] as [status: number, body: unknown][] };
  globalThis.fetch = (request) => {
    made.requests.push((request as Request).clone());
    const [status, body] = made.bodies[Math.min(made.requests.length, made.bodies.length) - 1] ?? [500, {}];
    return Promise.resolve(Response.json(body, { status }));
  };
  return made;
});

function answers(...bodies: [status: number, body: unknown][]) {
  Object.assign(server, { requests: [], bodies });
}

async function verifyNow() {
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}><VerifyPanel item={{ id: 'item-1', case: 'case-1', length: 10 } as Item} /></QueryClientProvider>
    </MantineProvider>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Verify now' }));
}

it('is green when the stored bytes are what was sealed', async () => {
  answers([200, verification]);
  await verifyNow();
  expect(await screen.findByText('Verified: the stored bytes are what was sealed')).toBeVisible();
});

it('is red when they are not, and says what differs', async () => {
  const observed = 'cd'.repeat(32);
  answers([200, { ...verification, ok: false, observed_sha256: observed, differs: ['the stored bytes have another SHA-256'] }]);
  await verifyNow();
  expect(await screen.findByText('Not what was sealed: do not rely on this exhibit')).toBeVisible();
  expect(screen.getByText('the stored bytes have another SHA-256')).toBeVisible();
  expect(screen.getByText(expected)).toBeVisible();
  expect(screen.getByText(observed)).toBeVisible();
});

it('asks again under the same request until a large item is hashed', async () => {
  answers([202, { request: 'abc' }], [202, { request: 'abc' }], [200, verification]);
  await verifyNow();
  expect(await screen.findByText('Verified: the stored bytes are what was sealed')).toBeVisible();
  expect(await Promise.all(server.requests.map((request) => request.json()))).toEqual([{}, { request: 'abc' }, { request: 'abc' }]);
});

it('shows a failure of the verification itself as that, not as an outcome', async () => {
  answers([503, { type: 'x', title: 'Vault is sealed', status: 503, detail: 'Nothing can be signed.', code: 'vault-sealed', kept: 'What was acknowledged is kept.', try: 'Ask the administrator.' }]);
  await verifyNow();
  expect(await screen.findByRole('alert')).toHaveTextContent('Vault is sealed');
  expect(screen.getByText('What was acknowledged is kept.')).toBeVisible();
  expect(screen.queryByText(/what was sealed:/i)).toBeNull();
});
