import { Alert, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { acceptsEvidence, caseStates } from '../cases/states';
import { useOpenedCase } from '../cases/useOpenedCase';
import { BackLink } from '../display/BackLink';
import { usePerson } from '../session/queries';
import { CarryOn } from './CarryOn';
import { NewIntake } from './NewIntake';
import { useInterrupted } from './queries';
import { RunView } from './RunView';
import { useRuns } from './UploadCenter';

/** Brings evidence into a case: choose, start, watch, receipt. */
export function AddEvidencePage() {
  const detail = useOpenedCase();
  const caseId = detail.case.id;
  const [search] = useSearchParams();
  const person = usePerson();
  const run = useRuns().find((other) => other.intake.case === caseId);
  const interrupted = useInterrupted(caseId, person.id);
  const asked = search.get('intake');
  const resumed = interrupted.find(({ record }) => record.intake === asked);
  return (
    <Stack maw={860}>
      <BackLink to={`/cases/${caseId}/evidence`}>All evidence</BackLink>
      <div>
        <Title order={2} fz={20}>Add evidence</Title>
        <Text size="sm" c="dimmed">Each file is hashed on this machine while it is sent, compared on arrival, locked, read back and sealed.</Text>
      </div>
      {run && <RunView key={run.intake.id} run={run} />}
      {!run && !acceptsEvidence(detail.case.state) && (
        <Alert color="wax" title={`The case is ${caseStates[detail.case.state].label.toLowerCase()}`}>It takes no new evidence. Somebody who may can bring it back to open, on the summary.</Alert>
      )}
      {!run && acceptsEvidence(detail.case.state) && (
        asked ? (resumed ? <CarryOn interrupted={resumed} caseId={caseId} /> : <Skeleton h={120} />) : <NewIntake caseId={caseId} />
      )}
    </Stack>
  );
}
