/** In whose time instants are shown. They are stored in UTC. */
export type ZoneChoice = 'case' | 'local' | 'utc';

/** The IANA name of the zone that a choice means. */
export function zoneName(choice: ZoneChoice, caseZone: string | undefined): string {
  if (choice === 'utc') return 'UTC';
  if (choice === 'case' && caseZone && isZone(caseZone)) return caseZone;
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Whether this browser knows a time zone. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/**
 * An instant in a zone, always with its offset: "2026-03-29 03:00:00 +02:00".
 * Empty for an instant that is not known; unreadable text is shown as it is.
 */
export function formatInstant(iso: string | undefined, zone: string, milliseconds = false): string {
  if (!iso) return '';
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const part = Object.fromEntries(formatter(zone).formatToParts(time).map(({ type, value }) => [type, value]));
  const offset = (part.timeZoneName ?? '').replace('GMT', '') || '+00:00';
  const fraction = milliseconds ? `.${String(time.getUTCMilliseconds()).padStart(3, '0')}` : '';
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}${fraction} ${offset}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'longOffset',
  });
  formatters.set(zone, made);
  return made;
}
