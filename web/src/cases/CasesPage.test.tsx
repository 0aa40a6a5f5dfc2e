import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Session } from '../api/types';
import { sessionKeys } from '../session/keys';
import { CasesPage } from './CasesPage';

// 120 cases, the newest first; the cursor is the case that the page before ended with.
const server = vi.hoisted(() => {
  const made = { requests: 0 };
  globalThis.fetch = (request) => {
    made.requests++;
    const { searchParams } = new URL((request as Request).url);
    const [first, limit] = [120 - Number(searchParams.get('cursor') ?? '121') + 1, Number(searchParams.get('limit'))];
    const numbers = Array.from({ length: 120 }, (_, i) => 120 - i).slice(first, first + limit);
    const items = numbers.map((n) => ({
      case: { id: `case-${String(n)}`, number: `2026-${String(n).padStart(4, '0')}`, title: n === 7 ? 'Payroll' : `Case ${String(n)}`, state: 'open', class: n === 119 ? 'sealed' : 'ordinary' },
      items: 0, quarantined: 0, bytes: 0, last_at: '2026-01-02T15:04:05.000Z',
    }));
    const next = first + limit < 120 ? String(numbers.at(-1)) : '';
    return Promise.resolve(Response.json({ items, next, total: -1 }));
  };
  return made;
});

beforeEach(() => {
  server.requests = 0;
  const client = new QueryClient();
  client.setQueryData(sessionKeys.all, { person: { id: 'p', login: 'p', name: 'P', roles: ['auditor'] } } as unknown as Session);
  render(<MantineProvider><QueryClientProvider client={client}><MemoryRouter><CasesPage /></MemoryRouter></QueryClientProvider></MantineProvider>);
});

const numbers = () => [...document.querySelectorAll('tbody tr')].map((row) => row.querySelector('td')?.textContent);
const all = Array.from({ length: 120 }, (_, i) => `2026-${String(120 - i).padStart(4, '0')}`);

it('shows a page of cases, and the next ones on demand, each once', async () => {
  expect(await screen.findByText('The newest 50 cases; there are more')).toBeVisible();
  expect(numbers()).toEqual(all.slice(0, 50));
  await userEvent.click(screen.getByText('More cases'));
  expect(await screen.findByText('The newest 100 cases; there are more')).toBeVisible();
  await userEvent.click(screen.getByText('More cases'));
  await waitFor(() => { expect(numbers()).toEqual(all); });
  expect(screen.queryByText('More cases')).toBeNull();
  expect(server.requests).toBe(3);
});

it('says in words which case is sealed', async () => {
  expect(await screen.findByText('Sealed by order')).toBeVisible();
  expect(screen.getAllByText('Ordinary')).toHaveLength(49);
  await userEvent.click(screen.getByLabelText('Find a case in the list'));
  await userEvent.paste('sealed by');
  await waitFor(() => { expect(numbers()).toEqual(['2026-0119']); });
});

it('finds a case that is not on the page that is shown', async () => {
  await userEvent.type(await screen.findByLabelText('Find a case in the list'), 'payroll');
  expect(await screen.findByText('Payroll')).toBeVisible();
  expect(numbers()).toEqual(['2026-0007']);
});
