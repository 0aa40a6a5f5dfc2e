// From api/openapi.json, by "npm run generate". Do not edit.

/** How many characters the texts of a request may have, by its type and field. */
export const limits = {
  AcknowledgementRequest: { reason: 4000 },
  ClassChangeRequest: { authority: 4000, reason: 4000 },
  CorrectionRequest: { right: 4000 },
  DisclosureRequest: { purpose: 4000, recipient: 500, title: 200 },
  IntakeRequest: { authority: 4000, source: 4000 },
  MemberRequest: { login: 200 },
  OpenCaseRequest: { authority: 4000, summary: 10000, time_zone: 64, title: 200 },
  ReadRequest: { purpose: 4000 },
  RemovalRequest: { reason: 4000 },
  SessionRequest: { login: 200, password: 1024 },
  TransitionRequest: { reason: 4000 },
  VerificationRequest: { request: 64 },
  WithholdEntry: { reason: 4000 },
  WithholdItem: { reason: 4000 },
} as const;

/** How many elements a page of any list has at most. */
export const maxPage = 256;
