import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Instant } from '../display/Instant';
import { count } from '../display/bytes';
import { proofQuery } from './queries';
import type { Registered } from './proof';

/** Whether a disclosure is in the register that outsiders witness, and who vouched for it. */
export function InRegister({ id }: { id: string }) {
  const { data, error } = useQuery(proofQuery(id));
  if (error) return <>not known now: the proof cannot be read</>;
  if (data === undefined) return <>reading the proof…</>;
  if (data === null) return <span data-registered="no">not yet; the register takes it in within minutes. A proof downloaded after that says so. <Anchor component={Link} inherit to="/witnesses">Outside witnesses</Anchor></span>;
  return <RegisteredText registered={data} />;
}

/** Where in the register, and who vouched for it. */
export function RegisteredText({ registered: { checkpoint, timestamps } }: { registered: Registered }) {
  const { cosigned, size } = checkpoint;
  const vouched = cosigned.length > 0 || timestamps > 0;
  return (
    <span data-registered={vouched ? 'witnessed' : 'yes'}>
      under the register&rsquo;s head of size {size.toLocaleString('en')}
      {!vouched && ', for which no outsider has vouched yet'}
      {cosigned.map(({ by, at }) => <Text size="sm" key={by}>cosigned by <bdi>{by}</bdi>, <Instant iso={at} /></Text>)}
      {timestamps > 0 && <Text size="sm">{count(timestamps, 'time stamp')} (RFC 3161)</Text>}
    </span>
  );
}
