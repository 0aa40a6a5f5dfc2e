import { Anchor, Paper, Progress, Text } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import type { IntakeRun } from './IntakeRun';
import { percent } from './RunView';
import { useRuns, useRunSnapshot } from './UploadCenter';
import classes from './UploadDock.module.css';

/** Uploads that go on while another page is shown. */
export function UploadDock() {
  const { pathname } = useLocation();
  const runs = useRuns().filter((run) => pathname !== addPath(run));
  if (runs.length === 0) return null;
  return (
    <aside className={classes.dock} aria-label="Uploads" data-no-print>
      {runs.map((run) => <Docked key={run.intake.id} run={run} />)}
    </aside>
  );
}

function Docked({ run }: { run: IntakeRun }) {
  const snapshot = useRunSnapshot(run);
  const word = { sending: 'Adding evidence', stopped: 'Adding evidence is paused', settled: 'Needs a decision', closed: 'Done' }[snapshot.phase];
  return (
    <Paper p="sm" shadow="md">
      <Text size="sm"><Anchor component={Link} to={addPath(run)} fw={600}>{word}</Anchor> <Text span size="xs" c="dimmed" className="tabular">{snapshot.received.toLocaleString('en')} of {snapshot.files.toLocaleString('en')}</Text></Text>
      <Progress value={percent(snapshot)} size="sm" mt={6} aria-label="Sent" />
    </Paper>
  );
}

function addPath(run: IntakeRun): string {
  return `/cases/${run.intake.case}/evidence/add`;
}
