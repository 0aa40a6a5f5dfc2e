import { Button, Group, Loader, Stack, Stepper, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useIdempotencyKey } from '../api/useIdempotencyKey';
import { caseKeys } from '../cases/keys';
import { useOpenedCase } from '../cases/useOpenedCase';
import { BackLink } from '../display/BackLink';
import { ProblemAlert } from '../display/ProblemAlert';
import { eachItem } from '../evidence/queries';
import { ExportReview } from './ExportReview';
import { chosenEntries, requestedEntries, type EntryWithholding } from './entryWithholding';
import { InventoryStep } from './InventoryStep';
import { LogStep } from './LogStep';
import { emptyRecipient, isWhole, RecipientStep } from './RecipientStep';
import classes from './ExportPage.module.css';
import { useDisclose } from './queries';
import { inventory, withheldList, withoutReason, type Withholding } from './withholding';

/** Makes a bundle: what is in it, for whom and why, then a last look. */
export function ExportPage() {
  const detail = useOpenedCase();
  const caseId = detail.case.id;
  const navigate = useNavigate();
  const [step, setStep] = useState(0);
  const [withholding, setWithholding] = useState<Withholding>(new Map());
  const [entries, setEntries] = useState<EntryWithholding>(new Map());
  const [recipient, setRecipient] = useState(emptyRecipient);
  const disclose = useDisclose(caseId);
  const { data: items, error, refetch } = useQuery({
    queryKey: [...caseKeys.evidence(caseId), 'inventory'],
    queryFn: async () => {
      const all = [];
      for await (const page of eachItem(caseId)) all.push(...page);
      return all;
    },
  });
  const stock = inventory(items ?? [], withholding);
  const withheldEntries = chosenEntries(entries, withholding);
  const form = { ...recipient, withheld: withheldList(items ?? [], withholding), withheld_entries: requestedEntries(withheldEntries) };
  const key = useIdempotencyKey(form);
  const ready = [
    stock.disclosed.length > 0 && stock.pending.length === 0 && withoutReason(withholding).length === 0,
    withheldEntries.every(({ reason }) => reason.trim()),
    isWhole(recipient),
    true,
  ];
  const last = ready.length - 1;
  const next = () => {
    if (step < last) { setStep(step + 1); return; }
    disclose.mutate({ key, ...form }, {
      onSuccess: (made) => { void navigate(`/cases/${caseId}/disclosure/${made.id}`); },
    });
  };
  return (
    <Stack>
      <BackLink to={`/cases/${caseId}/disclosure`}>All disclosures</BackLink>
      <Title order={2} fz={20}>Export a bundle</Title>
      {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {!items && !error && <Group gap="xs" role="status"><Loader size="xs" /><Text size="sm">Reading the whole inventory…</Text></Group>}
      {items && (
        <Stepper active={step} onStepClick={(to) => { if (to < step) setStep(to); }} size="sm" allowNextStepsSelect={false} classNames={classes} wrap={false}>
          <Stepper.Step label="Inventory" description="What is in it"><InventoryStep items={items} stock={stock} withholding={withholding} onChange={setWithholding} /></Stepper.Step>
          <Stepper.Step label="Log" description="What of its record"><LogStep caseId={caseId} exhibits={withholding} chosen={entries} onChange={setEntries} /></Stepper.Step>
          <Stepper.Step label="Recipient" description="For whom, and why"><RecipientStep recipient={recipient} onChange={setRecipient} /></Stepper.Step>
          <Stepper.Step label="Review" description="A last look"><ExportReview stock={stock} recipient={recipient} withholding={withholding} entries={withheldEntries} /></Stepper.Step>
        </Stepper>
      )}
      {disclose.error && <ProblemAlert error={disclose.error} />}
      <Group justify="flex-end">
        {step > 0 && <Button variant="default" onClick={() => { setStep(step - 1); }}>Back</Button>}
        <Button onClick={next} disabled={!items || !ready[step]} loading={disclose.isPending}>{step < last ? 'Next' : 'Make the bundle'}</Button>
      </Group>
    </Stack>
  );
}
