import { Anchor, MantineProvider, Table } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Link, MemoryRouter, Route, Routes } from 'react-router';
import { beforeEach, expect, it, vi } from 'vitest';
import { LinkedRow } from './LinkedRow';

const copy = vi.fn();
const open = vi.spyOn(window, 'open').mockReturnValue(null);

beforeEach(() => {
  copy.mockClear();
  open.mockClear();
  window.getSelection()?.removeAllRanges();
  const row = (
    <Table><Table.Tbody>
      <LinkedRow to="/exhibit">
        <Table.Td><Anchor component={Link} to="/exhibit">E-00001</Anchor></Table.Td>
        <Table.Td>mail.eml</Table.Td>
        <Table.Td><button onClick={copy}>Copy</button><Link to="/intake">Intake</Link></Table.Td>
      </LinkedRow>
    </Table.Tbody></Table>
  );
  render(
    <MantineProvider>
      <MemoryRouter>
        <Routes><Route path="/" element={row} /><Route path="/exhibit" element="the exhibit" /><Route path="/intake" element="the delivery" /></Routes>
      </MemoryRouter>
    </MantineProvider>,
  );
});

it('opens on a click anywhere on the row', async () => {
  await userEvent.click(screen.getByText('mail.eml'));
  expect(screen.getByText('the exhibit')).toBeVisible();
});

it('opens with the keyboard alone', async () => {
  await userEvent.tab();
  expect(screen.getByRole('link', { name: 'E-00001' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(screen.getByText('the exhibit')).toBeVisible();
});

it('leaves buttons and other links in the row alone', async () => {
  await userEvent.click(screen.getByRole('button', { name: 'Copy' }));
  expect(copy).toHaveBeenCalledOnce();
  expect(screen.getByText('mail.eml')).toBeVisible();
  await userEvent.click(screen.getByRole('link', { name: 'Intake' }));
  expect(screen.getByText('the delivery')).toBeVisible();
});

it('lets people select text in the row', () => {
  const name = screen.getByText('mail.eml');
  // What a browser sends when somebody drags over a text; then the same without the dragging.
  fireEvent.mouseDown(name, { clientX: 10, clientY: 10 });
  window.getSelection()?.setBaseAndExtent(name.firstChild ?? name, 0, name.firstChild ?? name, 4);
  fireEvent.click(name, { clientX: 40, clientY: 10 });
  expect(name).toBeVisible();
  fireEvent.mouseDown(name, { clientX: 40, clientY: 10 });
  fireEvent.click(name, { clientX: 41, clientY: 10 });
  expect(screen.getByText('the exhibit')).toBeVisible();
});

it.each([['Control', '{Control>}', '[MouseLeft]'], ['Meta', '{Meta>}', '[MouseLeft]'], ['the middle button', '', '[MouseMiddle]']])('opens in a tab of its own with %s', async (_, key, button) => {
  const user = userEvent.setup();
  if (key) await user.keyboard(key);
  await user.pointer({ keys: button, target: screen.getByText('mail.eml') });
  expect(open).toHaveBeenCalledExactlyOnceWith('/exhibit', '_blank', 'noopener');
  expect(screen.getByText('mail.eml')).toBeVisible();
});
