/** Everything that belongs to a case is under its key, so that one call makes all of it fresh. */
export const caseKeys = {
  all: ['cases'] as const,
  list: () => [...caseKeys.all, 'list'] as const,
  of: (id: string) => [...caseKeys.all, 'one', id] as const,
  detail: (id: string) => [...caseKeys.of(id), 'detail'] as const,
  log: (id: string) => [...caseKeys.of(id), 'log'] as const,
  logPage: (id: string, from: number, limit: number) => [...caseKeys.log(id), from, limit] as const,
  evidence: (id: string) => [...caseKeys.of(id), 'evidence'] as const,
  evidencePage: (id: string, from: number, limit: number) => [...caseKeys.evidence(id), from, limit] as const,
  disclosures: (id: string) => [...caseKeys.of(id), 'disclosures'] as const,
};
