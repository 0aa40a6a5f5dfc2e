import { Anchor, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CaseDetail, Item } from '../api/types';
import { personName } from '../cases/useOpenedCase';
import { count, formatBytes } from '../display/bytes';
import { Digest } from '../display/Digest';
import { Instant } from '../display/Instant';
import { Name } from '../display/Name';
import classes from './ItemFacts.module.css';

/** What is known of an exhibit. */
export function ItemFacts({ item, detail }: { item: Item; detail: CaseDetail }) {
  return (
    <dl className={classes.facts}>
      <Fact label="SHA-256"><Digest sha256={item.sha256} whole /></Fact>
      {item.observed_sha256 && <Fact label="Read back"><Text c="var(--text-bad)" component="div"><Digest sha256={item.observed_sha256} whole /></Text></Fact>}
      <Fact label="Size">{count(item.length, 'byte')}{item.length >= 1024 && ` (${formatBytes(item.length)})`}</Fact>
      <Fact label="Type">{item.media_type ?? 'not identified'}</Fact>
      {item.path && <Fact label="Folder"><Name text={item.path} /></Fact>}
      <Fact label="Custodian">{personName(detail, item.custodian)}</Fact>
      <Fact label="Received"><Instant iso={item.received_at} precise /> by {personName(detail, item.received_by)}</Fact>
      <Fact label="Sealed"><Instant iso={item.sealed_at} precise />{item.sealed_at && <> · <Anchor size="sm" href={`/api/v1/evidence/${item.id}/seal`} download>seal</Anchor></>}</Fact>
      <Fact label="Locked until"><Instant iso={item.locked_until} /></Fact>
      {item.modified_at && <Fact label="Modified"><Instant iso={item.modified_at} /> <Text span size="xs" c="dimmed">as the source claims</Text></Fact>}
      <Fact label="Stored as"><Text span size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>{item.data.bucket}/{item.data.key}, version {item.data.version}</Text></Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return <><dt>{label}</dt><dd>{children}</dd></>;
}
