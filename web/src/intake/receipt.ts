import type { CaseDetail, Intake, Item } from '../api/types';
import { exhibitNumber, personName } from '../cases/useOpenedCase';
import { displayName } from '../display/fileName';
import { formatInstant } from '../display/instant';

/** The receipt of a delivery in plain text: for a file, a mail, a print. */
export function receiptText(detail: CaseDetail, intake: Intake, items: Item[], zone: string): string {
  const head = [
    `RECEIPT FOR EVIDENCE  ${detail.case.number}  ${detail.case.title}`,
    `Delivery   ${intake.id}`,
    `Source     ${displayName(intake.source)}`,
    ...(intake.authority ? [`Authority  ${displayName(intake.authority)}`] : []),
    `Begun      ${formatInstant(intake.opened_at, zone)} by ${personName(detail, intake.opened_by)}`,
    `Items      ${String(items.length)}`,
  ];
  const body = items.flatMap((item) => [
    '',
    `${exhibitNumber(detail.exhibit_prefix, item.exhibit)}  ${displayName(item.path ? `${item.path}/` : '')}${displayName(item.name)}`,
    `  SHA-256       ${item.sha256}`,
    `  Size          ${String(item.length)} bytes`,
    `  State         ${item.state}${item.sealed_at ? ` ${formatInstant(item.sealed_at, zone)}` : ''}`,
    `  Locked until  ${formatInstant(item.locked_until, zone)}`,
  ]);
  return [...head, ...body, ''].join('\n');
}

/** Gives text to the person as a file. */
export function saveText(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
