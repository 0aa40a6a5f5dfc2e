import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { BrowserRecords, type IntakeRecord } from './records';

const intake = (id: string, caseId: string): IntakeRecord =>
  ({ intake: id, case: caseId, person: 'p', source: 's', authority: '', openedAt: '', files: 2 });

it('remembers deliveries of a case and their files, and forgets them', async () => {
  const records = new BrowserRecords();
  await records.putIntake(intake('intake-1', 'case-1'));
  await records.putIntake(intake('intake-12', 'case-1'));
  await records.putIntake(intake('intake-2', 'case-2'));
  await records.putUpload({ intake: 'intake-1', fingerprint: 'a', key: 'k' });
  await records.putUpload({ intake: 'intake-1', fingerprint: 'a', key: 'k', url: '/u' });
  await records.putUpload({ intake: 'intake-12', fingerprint: 'a', key: 'k2' });
  // Another page of the same browser sees the same.
  const other = new BrowserRecords();
  expect((await other.intakes('case-1')).map((record) => record.intake)).toEqual(['intake-1', 'intake-12']);
  expect(await other.uploads('intake-1')).toEqual([{ intake: 'intake-1', fingerprint: 'a', key: 'k', url: '/u' }]);
  await other.forget('intake-1');
  expect(await records.uploads('intake-1')).toEqual([]);
  expect((await records.intakes('case-1')).map((record) => record.intake)).toEqual(['intake-12']);
  expect(await records.uploads('intake-12')).toHaveLength(1);
});
