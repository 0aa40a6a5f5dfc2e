import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { localProblem, ProblemError } from '../api/problem';
import { ReasonForm } from './ReasonForm';

const sealed = new ProblemError(localProblem('vault-sealed', 'Vault is sealed', 'Nothing can be signed.', { kept: 'Nothing was recorded.', try: 'Ask the administrator to unseal Vault.' }));

it('puts a reason on record, and keeps it when Vault is sealed', async () => {
  const put = vi.fn();
  const form = (error: unknown) => <MantineProvider><ReasonForm act={{ error, isPending: false }} onPut={put} onCancel={vi.fn()}>Why?</ReasonForm></MantineProvider>;
  const { rerender } = render(form(null));
  expect(screen.getByRole('button', { name: 'Put on record' })).toBeDisabled();
  await userEvent.type(screen.getByRole('textbox', { name: 'Reason' }), '  Disk was replaced ');
  await userEvent.click(screen.getByRole('button', { name: 'Put on record' }));
  expect(put).toHaveBeenCalledExactlyOnceWith('Disk was replaced');

  rerender(form(sealed));
  expect(screen.getByRole('alert')).toHaveTextContent(/Vault is sealed.*Nothing can be signed.*Nothing was recorded.*unseal Vault/);
  expect(screen.getByRole('textbox', { name: 'Reason' })).toHaveValue('  Disk was replaced ');
  expect(screen.getByRole('button', { name: 'Put on record' })).toBeEnabled();
});
