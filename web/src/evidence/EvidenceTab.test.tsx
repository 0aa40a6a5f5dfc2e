import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter, Outlet, Route, Routes } from 'react-router';
import { expect, it, vi } from 'vitest';
import type { CaseDetail, Item, Session } from '../api/types';
import { sessionKeys } from '../session/keys';
import { EvidenceTab } from './EvidenceTab';

// The server as the interface's description has it: a page begins with the
// exhibit that its cursor names. The client takes fetch when it is made.
const server = vi.hoisted(() => {
  const made = { count: 0 };
  globalThis.fetch = (request) => {
    const { searchParams } = new URL((request as Request).url);
    const [from, limit] = [Number(searchParams.get('cursor') ?? '1'), Number(searchParams.get('limit'))];
    const numbers = Array.from({ length: made.count }, (_, i) => i + 1).filter((exhibit) => exhibit >= from);
    const items = numbers.slice(0, limit).map((exhibit) => ({ id: `item-${String(exhibit)}`, exhibit, name: 'a', length: 1, sha256: 'ab'.repeat(32), state: 'sealed', custodian: 'p', received_by: 'p', received_at: '2026-01-02T15:04:05.000Z' }));
    return Promise.resolve(Response.json({ items, next: numbers.length > limit ? String(numbers[limit]) : '', total: made.count }));
  };
  return made;
});

function show(exhibits: number, at = '/') {
  server.count = exhibits;
  const client = new QueryClient();
  client.setQueryData(sessionKeys.all, { person: { id: 'p', login: 'p', name: 'P', roles: ['prosecutor'] } } as unknown as Session);
  const detail = { case: { id: 'case-1', state: 'open' }, items: exhibits, received: 0, members: [], exhibit_prefix: '2026-0001/E-' } as unknown as CaseDetail;
  render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <MemoryRouter initialEntries={[at]}><Routes><Route element={<Outlet context={detail} />}><Route path="/" element={<EvidenceTab />} /></Route></Routes></MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

/** The exhibits that are on the screen once the label says which they are. */
async function exhibits(label: string): Promise<number[]> {
  await waitFor(() => { expect(screen.getByText(label)).toBeVisible(); }, { timeout: 10_000 });
  return rows();
}

/** By selector: roles and names of hundreds of cells take seconds to compute. */
function rows(): number[] {
  return [...document.querySelectorAll('a[aria-label^="Exhibit "]')].map((link) => Number(link.textContent.replace('E-', '')));
}

function button(name: string): HTMLButtonElement {
  const found = screen.getByText(name).closest('button');
  if (!found) throw new Error(`there is no button ${name}`);
  return found;
}

const run = (from: number, to: number): Item['exhibit'][] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

it('shows every exhibit on one page and no more, forwards and back', async () => {
  show(130);
  const pages: [string, number[]][] = [['1–50 of 130', run(1, 50)], ['51–100 of 130', run(51, 100)], ['101–130 of 130', run(101, 130)]];
  for (const [label, want] of pages) {
    expect(await exhibits(label)).toEqual(want);
    const next = button('Next');
    if (label.startsWith('101')) expect(next).toBeDisabled();
    else await userEvent.click(next);
  }
  for (const [label, want] of pages.toReversed()) {
    expect(await exhibits(label)).toEqual(want);
    const previous = button('Previous');
    if (label.startsWith('1–')) expect(previous).toBeDisabled();
    else await userEvent.click(previous);
  }
});

it('shows the exhibit that was asked for first, and pages on from it', async () => {
  show(130);
  await exhibits('1–50 of 130');
  await userEvent.type(screen.getByLabelText('Go to exhibit number'), '75');
  await userEvent.click(screen.getByText('Go'));
  expect(await exhibits('75–124 of 130')).toEqual(run(75, 124));
  await userEvent.click(button('Next'));
  expect(await exhibits('125–130 of 130')).toEqual(run(125, 130));
  await userEvent.click(button('Previous'));
  expect(await exhibits('75–124 of 130')).toEqual(run(75, 124));
  await userEvent.click(button('Previous'));
  expect(await exhibits('25–74 of 130')).toEqual(run(25, 74));
  await userEvent.click(button('Previous'));
  expect(await exhibits('1–50 of 130')).toEqual(run(1, 50));
});

it('begins with the exhibit in the address', async () => {
  show(130, '/?from=101');
  expect(await exhibits('101–130 of 130')).toEqual(run(101, 130));
});

it('has no pages to move through where one shows all', async () => {
  show(50);
  await waitFor(() => { expect(rows()).toEqual(run(1, 50)); });
  expect(screen.queryByRole('navigation', { name: 'Pages of the evidence' })).toBeNull();
});
