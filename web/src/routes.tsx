import { Navigate, type RouteObject } from 'react-router';
import { SessionPage } from './agents/SessionPage';
import { AlarmsPage } from './alarms/AlarmsPage';
import { CaseLayout } from './cases/CaseLayout';
import { CasesPage } from './cases/CasesPage';
import { NewCasePage } from './cases/NewCasePage';
import { SummaryTab } from './cases/SummaryTab';
import { CustodyTab } from './custody/CustodyTab';
import { KeysPage } from './custody/KeysPage';
import { DisclosurePage } from './disclosure/DisclosurePage';
import { DisclosureTab } from './disclosure/DisclosureTab';
import { ExportPage } from './disclosure/ExportPage';
import { EvidenceTab } from './evidence/EvidenceTab';
import { ItemPage } from './evidence/ItemPage';
import { CrashPage } from './frame/CrashPage';
import { Frame } from './frame/Frame';
import { NotFoundPage } from './frame/NotFoundPage';
import { AddEvidencePage } from './intake/AddEvidencePage';
import { ReceiptPage } from './intake/ReceiptPage';
import { WitnessesPage } from './outside/WitnessesPage';
import { SignedIn } from './session/SignedIn';
import { SignInPage } from './session/SignInPage';

/** The pages of a case, under its tabs. */
const caseRoutes: RouteObject[] = [
  { index: true, element: <SummaryTab /> },
  { path: 'evidence', element: <EvidenceTab /> },
  { path: 'evidence/add', element: <AddEvidencePage /> },
  { path: 'evidence/deliveries/:intake', element: <ReceiptPage /> },
  { path: 'evidence/:item', element: <ItemPage /> },
  { path: 'evidence/:item/session', element: <SessionPage /> },
  { path: 'disclosure', element: <DisclosureTab /> },
  { path: 'disclosure/new', element: <ExportPage /> },
  { path: 'disclosure/:disclosure', element: <DisclosurePage /> },
  { path: 'custody', element: <CustodyTab /> },
];

/** Every page. A room for a role is a branch under Frame. */
export const routes: RouteObject[] = [
  { path: '/sign-in', element: <SignInPage />, errorElement: <CrashPage /> },
  {
    element: <SignedIn />,
    errorElement: <CrashPage />,
    children: [{
      element: <Frame />,
      children: [
        { index: true, element: <Navigate to="/cases" replace /> },
        { path: 'cases', element: <CasesPage /> },
        { path: 'cases/new', element: <NewCasePage /> },
        { path: 'cases/:case', element: <CaseLayout />, children: caseRoutes },
        { path: 'alarms', element: <AlarmsPage /> },
        { path: 'keys', element: <KeysPage /> },
        { path: 'witnesses', element: <WitnessesPage /> },
        { path: '*', element: <NotFoundPage /> },
      ],
    }],
  },
];
