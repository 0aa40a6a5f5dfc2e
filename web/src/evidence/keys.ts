export const itemKeys = {
  of: (id: string) => ['items', id] as const,
  view: (id: string) => [...itemKeys.of(id), 'view'] as const,
  log: (id: string) => [...itemKeys.of(id), 'log'] as const,
  findings: (id: string) => [...itemKeys.of(id), 'findings'] as const,
  verification: (id: string) => ['verification', id] as const,
};
