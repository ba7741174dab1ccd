import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { pageParts } from '../../contracts/http/paths.ts';
import { Frame } from './frame.tsx';
import { BookingPage } from './pages/booking.tsx';
import { BookingsPage } from './pages/bookings.tsx';
import { EventPage } from './pages/event.tsx';
import { EventsPage } from './pages/events.tsx';
import { NowherePage } from './pages/nowhere.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { SignUpPage } from './pages/sign-up.tsx';
import { WalletPage } from './pages/wallet.tsx';
import { byId } from './parts/by-id.tsx';

const EventById = byId(EventPage);
const BookingById = byId(BookingPage);
const OrganizePage = lazy(async () => (await import('./pages/organize.tsx')).OrganizePage);
const NewEventPage = lazy(async () => (await import('./pages/event-form.tsx')).NewEventPage);
const EditEventPage = byId(lazy(async () => (await import('./pages/event-form.tsx')).EditEventPage));
const EveningPage = byId(lazy(async () => (await import('./pages/evening.tsx')).EveningPage));
const AttendeesPage = byId(lazy(async () => (await import('./pages/attendees.tsx')).AttendeesPage));
const DoorPage = byId(lazy(async () => (await import('./pages/door.tsx')).DoorPage));

const MePage = lazy(async () => (await import('./pages/me.tsx')).MePage);
const ResetPage = lazy(async () => (await import('./pages/reset.tsx')).ResetPage);
const OperatePage = lazy(async () => (await import('./pages/operate.tsx')).OperatePage);
const ReconciliationPage = lazy(async () => (await import('./pages/reconciliation.tsx')).ReconciliationPage);
const PeoplePage = lazy(async () => (await import('./pages/people.tsx')).PeoplePage);
const TrailPage = lazy(async () => (await import('./pages/trail.tsx')).TrailPage);

/** Links to anything but pages, the API's documentation for one, are the browser's own business. */
const ours = new RegExp(`^/(${[...pageParts].join('|')})([/?#]|$)`);

/** All pages. What organizers and operators alone see is fetched when they first go there. */
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
            <Route path="/organize/:id" component={EveningPage} />
            <Route path="/organize/:id/edit" component={EditEventPage} />
            <Route path="/organize/:id/people" component={AttendeesPage} />
            <Route path="/organize/:id/door" component={DoorPage} />
            <Route path="/me" component={MePage} />
            <Route path="/reset" component={ResetPage} />
            <Route path="/operate" component={OperatePage} />
            <Route path="/operate/reconciliation" component={ReconciliationPage} />
            <Route path="/operate/people" component={PeoplePage} />
            <Route path="/operate/trail" component={TrailPage} />
            <Route default component={NowherePage} />
          </Router>
        </ErrorBoundary>
      </Frame>
    </LocationProvider>
  );
}
