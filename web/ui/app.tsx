import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { pageParts } from '../../contracts/http/paths.ts';
import { Frame } from './frame.tsx';
import { BookingPage } from './pages/bookings/booking.tsx';
import { BookingsPage } from './pages/bookings/bookings.tsx';
import { EventPage } from './pages/events/event.tsx';
import { EventsPage } from './pages/events/events.tsx';
import { NotFoundPage } from './pages/not-found.tsx';
import { SignInPage } from './pages/person/sign-in.tsx';
import { SignUpPage } from './pages/person/sign-up.tsx';
import { WalletPage } from './pages/person/wallet.tsx';
import { withValidId } from './pages/valid-id.tsx';

const EventById = withValidId(EventPage);
const BookingById = withValidId(BookingPage);
const OrganizePage = lazy(async () => (await import('./pages/organizer/organize.tsx')).OrganizePage);
const NewEventPage = lazy(async () => (await import('./pages/organizer/event-form.tsx')).NewEventPage);
const EditEventPage = withValidId(lazy(async () => (await import('./pages/organizer/event-form.tsx')).EditEventPage));
const EventOverviewPage = withValidId(
  lazy(async () => (await import('./pages/organizer/overview.tsx')).EventOverviewPage),
);
const TeamPage = withValidId(lazy(async () => (await import('./pages/organizer/team.tsx')).TeamPage));
const ByHandPage = withValidId(lazy(async () => (await import('./pages/organizer/by-hand.tsx')).ByHandPage));
const AttendeesPage = withValidId(lazy(async () => (await import('./pages/organizer/attendees.tsx')).AttendeesPage));
const CheckInPage = withValidId(lazy(async () => (await import('./pages/organizer/check-in.tsx')).CheckInPage));

const MePage = lazy(async () => (await import('./pages/person/me.tsx')).MePage);
const ResetPage = lazy(async () => (await import('./pages/person/reset.tsx')).ResetPage);
const OperatePage = lazy(async () => (await import('./pages/operator/operate.tsx')).OperatePage);
const ReconciliationPage = lazy(async () => (await import('./pages/operator/reconciliation.tsx')).ReconciliationPage);
const PeoplePage = lazy(async () => (await import('./pages/operator/people.tsx')).PeoplePage);
const AuditLogPage = lazy(async () => (await import('./pages/operator/audit-log.tsx')).AuditLogPage);

/** The addresses of pages. The browser follows all other links, such as the API documentation. */
const ours = new RegExp(`^/(${[...pageParts].join('|')})([/?#]|$)`);

/** All pages. Those for organizers and operators are loaded on first use. */
export function App() {
  return (
    <LocationProvider scope={ours}>
      <Frame>
        <ErrorBoundary>
          <Router>
            <Route path="/" component={EventsPage} />
            <Route path="/event/:id" component={EventById} />
            <Route path="/bookings" component={BookingsPage} />
            <Route path="/booking/:id" component={BookingById} />
            <Route path="/wallet" component={WalletPage} />
            <Route path="/sign-in" component={SignInPage} />
            <Route path="/sign-up" component={SignUpPage} />
            <Route path="/organize" component={OrganizePage} />
            <Route path="/organize/new" component={NewEventPage} />
            <Route path="/organize/:id" component={EventOverviewPage} />
            <Route path="/organize/:id/edit" component={EditEventPage} />
            <Route path="/organize/:id/team" component={TeamPage} />
            <Route path="/organize/:id/by-hand" component={ByHandPage} />
            <Route path="/organize/:id/people" component={AttendeesPage} />
            <Route path="/organize/:id/door" component={CheckInPage} />
            <Route path="/me" component={MePage} />
            <Route path="/reset" component={ResetPage} />
            <Route path="/operate" component={OperatePage} />
            <Route path="/operate/reconciliation" component={ReconciliationPage} />
            <Route path="/operate/people" component={PeoplePage} />
            <Route path="/operate/trail" component={AuditLogPage} />
            <Route default component={NotFoundPage} />
          </Router>
        </ErrorBoundary>
      </Frame>
    </LocationProvider>
  );
}
