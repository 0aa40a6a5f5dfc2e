import { Badge, Button, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { count } from '../display/bytes';
import { Instant } from '../display/Instant';
import { branches, kinds, origins, outcomes } from './origins';
import { displayLines } from './raw';
import { RawRecord } from './RawRecord';
import type { Entry, Span } from './reading';
import classes from './Session.module.css';
import { Untrusted } from './Untrusted';

/** A turn, or an act with what came back, folded. */
export function EntryCard({ item, entry, unpacked }: { item: string; entry: Entry; unpacked: boolean }) {
  return (
    <li className={classes.entry} data-origin={entry.origin} data-branch={entry.branch} data-entry={entry.act ? 'act' : 'turn'}>
      {entry.act ? <Act item={item} entry={entry} unpacked={unpacked} /> : <Turn item={item} entry={entry} unpacked={unpacked} />}
    </li>
  );
}

interface Shown { item: string; entry: Entry; unpacked: boolean }

function Turn({ item, entry, unpacked }: Shown) {
  const { details } = entry;
  return (
    <>
      <div className={classes.head}>
        <Text fw={600} size="sm" title={origins[entry.origin].title}>{origins[entry.origin].label}</Text>
        {kinds[entry.kind] && <Badge variant="default" tt="none">{kinds[entry.kind]}</Badge>}
        {details.queued && <Badge variant="default" tt="none">Typed while the agent was at work</Badge>}
        <Marks entry={entry} />
        <When details={details} name="time" />
      </div>
      <p className={classes.text}>{displayLines(entry.text)}</p>
      {details.cut && <Text size="xs" c="dimmed">The beginning of {details.size ? count(Number(details.size), 'byte') : 'more'}.</Text>}
      <Foot item={item} what="this turn" span={entry.at} unpacked={unpacked}>Origin by: <Untrusted text={details.by ?? 'nothing'} />{details.model && <> · model <Untrusted text={details.model} /></>}</Foot>
    </>
  );
}

function Act({ item, entry, unpacked }: Shown) {
  const { details } = entry;
  const outcome = outcomes[details.outcome ?? ''];
  return (
    <details className={classes.act}>
      <summary>
        <span className={classes.head} style={{ display: 'inline-flex' }}>
          <Text span fw={600} size="sm">Agent used <Untrusted text={details.tool ?? 'a tool'} /></Text>
          {outcome && <Badge variant="light" color={outcome.color} tt="none">{outcome.label}</Badge>}
          <Marks entry={entry} />
          <When details={details} name="time" />
        </span>
        <span className={classes.peek}><Untrusted text={entry.text.slice(0, 200)} /></span>
      </summary>
      <Text size="xs" fw={600} mt="xs">Asked with</Text>
      <pre className={classes.pre}>{displayLines(entry.text)}</pre>
      {details.cut && <Text size="xs" c="dimmed">The beginning of {count(Number(details.size), 'byte')}.</Text>}
      {details.model && <Text size="xs" c="dimmed">model <Untrusted text={details.model} /></Text>}
      <Foot item={item} what="the call" span={entry.at} unpacked={unpacked} />
      {entry.result && (
        <>
          <Text size="xs" fw={600} mt="xs">{origins.tool.label}: {origins.tool.title}</Text>
          <pre className={classes.pre}>{displayLines(details.result ?? '')}</pre>
          {details.result_cut && <Text size="xs" c="dimmed">The beginning of {count(Number(details.result_size), 'byte')}.</Text>}
          <Foot item={item} what="the result" span={entry.result} unpacked={unpacked}>Outcome by: <Untrusted text={details.outcome_by ?? 'nothing'} />{' '}<When details={details} name="returned" /></Foot>
        </>
      )}
      {details.note && <Text size="sm" mt="xs"><Untrusted text={details.note} /></Text>}
    </details>
  );
}

/** Why an entry is not part of the final conversation, whose it is, and where it stands again. */
function Marks({ entry: { branch, details } }: { entry: Entry }) {
  const places = details.copies?.split('\n').length ?? 0;
  return (
    <>
      {branch && <Badge variant="light" color="wax" tt="none" title={details.branch_by}>{branches[branch] ?? branch}</Badge>}
      {details.agent && <Badge variant="default" tt="none">Subagent <Untrusted text={details.agent} /></Badge>}
      {places > 0 && <Text span size="xs" c="dimmed" title={details.copies}>stands in {count(places, 'more place', 'more places')}</Text>}
    </>
  );
}

/** A time as the record says it; one that is no instant is shown as it is written. */
function When({ details, name }: { details: Record<string, string>; name: string }) {
  const [utc, said, note] = [details[`${name}_utc`], details[name], details[`${name}_note`]];
  if (utc) return <Text span size="xs" c="dimmed"><Instant iso={utc} precise /></Text>;
  if (!said) return null;
  return <Text span size="xs" c="dimmed"><Untrusted text={said} />{note && ` (${note})`}</Text>;
}

function Foot({ item, what, span, unpacked, children }: { item: string; what: string; span: Span; unpacked: boolean; children?: ReactNode }) {
  const [opened, setOpened] = useState(false);
  return (
    <div className={classes.head} style={{ marginTop: 4 }}>
      <Text span size="xs" c="dimmed">{span.line && `line ${span.line}`}{span.line && children && ' · '}{children}</Text>
      {!unpacked && span.length > 0 && <Button size="compact-xs" variant="subtle" aria-label={`Bytes of ${what}${span.line ? `, line ${span.line}` : ''}`} onClick={() => { setOpened(true); }} data-no-print>Bytes</Button>}
      {opened && <RawRecord item={item} span={span} what={what} onClose={() => { setOpened(false); }} />}
    </div>
  );
}
