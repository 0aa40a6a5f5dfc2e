import { Stack, Textarea, TextInput } from '@mantine/core';
import { limits } from '../api/limits';

/** For whom a bundle is, and why. */
export interface Recipient { title: string; recipient: string; purpose: string }

export const emptyRecipient: Recipient = { title: '', recipient: '', purpose: '' };

/** Whether everything that is required is given. */
export function isWhole(r: Recipient): boolean {
  return [r.title, r.recipient, r.purpose].every((text) => text.trim() !== '');
}

export function RecipientStep({ recipient: r, onChange }: { recipient: Recipient; onChange: (recipient: Recipient) => void }) {
  return (
    <Stack maw={560} my="sm">
      <TextInput label="Title" description="What the bundle is called in the record" required maxLength={limits.DisclosureRequest.title} value={r.title} onChange={(e) => { onChange({ ...r, title: e.currentTarget.value }); }} />
      <TextInput label="Recipient" description="The person or office that gets it" required maxLength={limits.DisclosureRequest.recipient} value={r.recipient} onChange={(e) => { onChange({ ...r, recipient: e.currentTarget.value }); }} />
      <Textarea label="Purpose" description="The rule or request that it answers" required maxLength={limits.DisclosureRequest.purpose} value={r.purpose} onChange={(e) => { onChange({ ...r, purpose: e.currentTarget.value }); }} />
    </Stack>
  );
}
