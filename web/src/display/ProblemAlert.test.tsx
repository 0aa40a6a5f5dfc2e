import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { localProblem, ProblemError } from '../api/problem';
import { Name } from './Name';
import { ProblemAlert } from './ProblemAlert';

const show = (node: React.ReactNode) => render(<MantineProvider>{node}</MantineProvider>);

it('says what happened, what was kept, what to try, and which field', async () => {
  const retry = vi.fn();
  const problem = localProblem('invalid', 'The request is not valid', 'The title is empty.', {
    kept: 'Nothing was changed.', try: 'Give it a title.', instance: 'request-1', fields: [{ field: 'body.title', message: 'too short' }],
  });
  show(<ProblemAlert error={new ProblemError(problem)} onRetry={retry} />);
  const alert = screen.getByRole('alert');
  for (const text of ['The request is not valid', 'The title is empty.', 'Nothing was changed.', 'Give it a title.', 'body.title: too short', 'request-1']) {
    expect(alert).toHaveTextContent(text);
  }
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalledOnce();
});

it('shows a hostile name as text', () => {
  show(<Name text={'<b>x</b>\u202etxt.exe'} />);
  expect(screen.getByText('<b>x</b>\\u{202e}txt.exe')).toBeVisible();
});
