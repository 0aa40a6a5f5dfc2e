import { formatInstant } from './instant';
import { useZoneName } from './zone';

/** A point in time in the chosen zone, with its offset; UTC to the millisecond on hover. */
export function Instant({ iso, precise = false }: { iso: string | undefined; precise?: boolean }) {
  const zone = useZoneName();
  if (!iso) return <span aria-label="not known">–</span>;
  return (
    <time dateTime={iso} title={`${iso} (${zone})`}>
      {formatInstant(iso, zone, precise)}
    </time>
  );
}
