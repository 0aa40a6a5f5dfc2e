import { Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { count } from '../display/bytes';
import { Instant } from '../display/Instant';
import facts from '../evidence/ItemFacts.module.css';
import type { Conversation } from './reading';
import { Untrusted } from './Untrusted';

const labels: [name: string, label: string][] = [
  ['title', 'Title'], ['model', 'Model'], ['provider', 'Provider'], ['version', 'Version'], ['directory', 'Folder'], ['git_branch', 'Git branch'],
  ['git_commit', 'Git commit'], ['git_remote', 'Git remote'], ['permission', 'Permissions'], ['account', 'Account'], ['machine', 'Machine'],
  ['entrypoint', 'Started by'], ['parent', 'Subagent of session'], ['agent', 'Subagent'], ['subagents', 'Subagents'], ['forked_from', 'Forked from session'], ['note', 'Note'],
];

/** The circumstances of a conversation, as its log says them. */
export function SessionFacts({ conversation: { id, details } }: { conversation: Conversation }) {
  const n = (name: string) => Number(details[name] ?? 0);
  return (
    <Paper p="md">
      <Title order={3} mb="xs">Session</Title>
      <dl className={facts.facts}>
        <Fact label="Session"><Untrusted text={id} /></Fact>
        {details.first_utc && <Fact label="From"><Instant iso={details.first_utc} precise /></Fact>}
        {details.last_utc && <Fact label="To"><Instant iso={details.last_utc} precise /></Fact>}
        <Fact label="In it">
          {count(n('turns_human'), 'turn of a person', 'turns of a person')}, {count(n('acts'), 'use of a tool', 'uses of tools')}, {count(n('turns_injected'), 'text', 'texts')} put in by the program
          {n('refusals') > 0 && `, ${count(n('refusals'), 'refusal')}`}{n('off_branch') > 0 && `, ${String(n('off_branch'))} of all off the final conversation`}{n('copies') > 0 && `, ${count(n('copies'), 'record')} that stand in the log again`}
        </Fact>
        {labels.map(([name, label]) => details[name] && (
          <Fact key={name} label={label}>{details[name].split('\n').map((value) => <div key={value}><Untrusted text={value} /></div>)}</Fact>
        ))}
      </dl>
    </Paper>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return <><dt>{label}</dt><dd>{children}</dd></>;
}
