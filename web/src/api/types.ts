// The API's types under the names that the pages use. They come from
// schema.d.ts, which "npm run generate" writes from api/openapi.json.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Act = Entry['act'];
export type Alarm = Schemas['Alarm'];
export type AlarmKind = Alarm['kind'];
export type Audit = Schemas['AuditView'];
export type Case = Schemas['Case'];
export type CaseClass = Case['class'];
export type CaseDetail = Schemas['CaseDetail'];
export type CaseState = Case['state'];
export type CaseSummary = Schemas['CaseSummary'];
export type ClassChangeRequest = Schemas['ClassChangeRequest'];
export type ClassRequest = Schemas['ClassRequest'];
export type Disclosure = Schemas['Disclosure'];
export type DisclosureProgress = Schemas['DisclosureProgress'];
export type DisclosureRequest = Schemas['DisclosureRequest'];
export type Entry = Schemas['Entry'];
export type Finding = Schemas['Finding'];
export type Intake = Schemas['Intake'];
export type IntakeProgress = Schemas['IntakeProgress'];
export type Item = Schemas['Item'];
export type ItemView = Schemas['ItemView'];
export type LogEntry = Schemas['LogEntry'];
export type Member = Schemas['Member'];
export type OpenCaseRequest = Schemas['OpenCaseRequest'];
export type Person = Schemas['Person'];
export type Problem = Schemas['Problem'];
export type RegisterStatus = Schemas['RegisterStatus'];
export type Role = Person['roles'][number];
export type Session = Schemas['Session'];
export type Verification = Schemas['Verification'];
export type Withheld = Schemas['Withheld'];
