import { TextInput } from '@mantine/core';
import { limits } from '../api/limits';

/** Why something is withheld; required, for the recipient learns it. */
export function ReasonInput({ what, reason, onChange }: { what: string; reason: string; onChange: (reason: string) => void }) {
  return <TextInput size="xs" required maxLength={limits.WithholdItem.reason} aria-label={`Reason for withholding ${what}`} placeholder="A reason is required" error={!reason.trim()} value={reason} onChange={(e) => { onChange(e.currentTarget.value); }} />;
}
