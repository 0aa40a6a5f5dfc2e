import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Audit } from '../api/types';
import { AuditOutcome } from './AuditPanel';

const audit: Audit = {
  id: 'audit-a', state: 'done', by: 'p', started_at: '2026-01-02T15:04:05.000Z', ended_at: '2026-01-02T15:04:09.000Z',
  cases: 3, entries: 1200, objects: 40, found: 0, alarms: [],
};
const show = (more: Partial<Audit>) => render(<MantineProvider><AuditOutcome audit={{ ...audit, ...more }} /></MantineProvider>);

it('says that nothing differs, and what was compared', () => {
  const { container } = show({});
  expect(container.querySelector('[data-audit=equal]')).toHaveTextContent('Compared 3 cases, 1,200 entries and 40 stored objects. Cases that are sealed by order are compared and not counted: their members see the alarms about them.');
});

it('raises its voice for differences', () => {
  show({ found: 2 });
  expect(screen.getByRole('alert')).toHaveTextContent('2 differences found');
});

it.each([['a server was away', 'a server was away'], [undefined, 'The server does not say why.']])('never takes an audit that failed for a good one: %s', (failure, want) => {
  show({ state: 'failed', ...(failure && { failure }) });
  expect(screen.getByRole('alert')).toHaveTextContent(want);
  expect(screen.getByRole('alert')).toHaveTextContent('no outcome is not a good outcome');
});
