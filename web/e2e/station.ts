import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder where the station under test keeps its servers' data and secrets. */
export function serversFolder(): string {
  const people = process.env.SEALCASE_PEOPLE;
  if (!people) throw new Error('SEALCASE_PEOPLE must name the JSON file with the logins of the station under test');
  return join(dirname(people), 'servers');
}

/** A file of JSON that the station's servers keep. */
export function keptJSON<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(serversFolder(), ...path), 'utf8')) as T;
}

/** The address of a server of a station that was started by hand, whose addresses are in no variable. */
export function keptAddress(server: string): string {
  const port = keptJSON<Partial<Record<string, number>>>('ports.json')[server];
  if (!port) throw new Error(`the station under test has no ${server}`);
  return `127.0.0.1:${String(port)}`;
}
