import { ErrorBoundary, LocationProvider, Route, Router } from 'preact-iso';
import { Frame } from './frame.tsx';
import { BookingPage } from './pages/booking.tsx';
import { BookingsPage } from './pages/bookings.tsx';
import { EventPage } from './pages/event.tsx';
import { EventsPage } from './pages/events.tsx';
import { NowherePage } from './pages/nowhere.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { SignUpPage } from './pages/sign-up.tsx';
import { WalletPage } from './pages/wallet.tsx';

/** All pages. What organizers and operators alone see is fetched when they first go there. */
export function App() {
  return (
    <LocationProvider>
      <Frame>
        <ErrorBoundary>
          <Router>
            <Route path="/" component={EventsPage} />
            <Route path="/event/:id" component={EventPage} />
            <Route path="/bookings" component={BookingsPage} />
            <Route path="/booking/:id" component={BookingPage} />
            <Route path="/wallet" component={WalletPage} />
            <Route path="/sign-in" component={SignInPage} />
            <Route path="/sign-up" component={SignUpPage} />
            <Route default component={NowherePage} />
          </Router>
        </ErrorBoundary>
      </Frame>
    </LocationProvider>
  );
}
