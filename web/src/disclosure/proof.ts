import { readCheckpoint, type Checkpoint } from '../outside/checkpoint';

/** How a disclosure stands in the witnessed register, as its proof says. */
export interface Registered {
  /** The register's head, with who cosigned it. */
  checkpoint: Checkpoint;
  /** Time-stamp tokens (RFC 3161) that the proof carries. */
  timestamps: number;
}

/**
 * What a proof of disclosure (sealcase/proof/v2, FORMAT.md section 7) says of
 * the register; undefined while the register has not taken the head in.
 */
export function registeredIn(proof: string): Registered | undefined {
  let value: unknown;
  try {
    value = JSON.parse(proof);
  } catch {
    return undefined;
  }
  const register = field(value, 'register');
  const note = field(register, 'checkpoint');
  const checkpoint = typeof note === 'string' ? readCheckpoint(note) : undefined;
  const timestamps = field(register, 'timestamps');
  return checkpoint && { checkpoint, timestamps: Array.isArray(timestamps) ? timestamps.length : 0 };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
