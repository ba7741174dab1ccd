/** What the pages read of Startlist's answers. */

export const roles = ['person', 'organizer', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Me {
  readonly id: number;
  readonly login: string;
  readonly role: Role;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
}

export interface EventDetail {
  readonly id: number;
  readonly event_name: string;
  readonly price: number;
  readonly total_slots: number;
  readonly free_slots: number;
  readonly organizer_id: number;
  readonly created_at: string;
  readonly starts_at?: string;
  readonly venue?: string;
  readonly description?: string;
  readonly sale_opens_at?: string;
  readonly max_per_person?: number;
  readonly cancel_until?: string;
  readonly cancellation?: { readonly canceled_at: string; readonly slots_given_back: number; readonly of: number };
}

/** What an organizer says of an event that is to be. */
export interface EventForm {
  readonly event_name: string;
  readonly price: number;
  readonly total_slots: number;
  readonly starts_at?: string;
  readonly venue?: string;
  readonly description?: string;
  readonly sale_opens_at?: string;
  readonly max_per_person?: number;
  readonly cancel_until?: string;
}

/** What is to be different: null takes away what may be left out. */
export type EventChange = { readonly [Name in keyof EventForm]?: EventForm[Name] | null };

export type State = 'occupying' | 'paying' | 'complete' | 'refunding' | 'releasing' | 'canceled';

export interface Moment {
  readonly state: State;
  readonly at: string;
}

export interface BookingDetail {
  readonly id: number;
  readonly user_id: number;
  readonly event_id: number;
  readonly price?: number;
  readonly status: number;
  readonly reason?: string;
  readonly state: State;
  readonly history: readonly Moment[];
  readonly ticket_code?: string;
  readonly checked_in_at?: string;
}

/** Somebody who comes to an event. */
export interface Attendee {
  readonly booking_id: number;
  readonly user_id: number;
  readonly login: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly price: number;
  readonly complete_at: string;
  readonly checked_in_at?: string;
}

export interface CheckedIn {
  readonly booking_id: number;
  readonly event_id: number;
  readonly user_id: number;
  readonly person: { readonly login: string; readonly first_name: string; readonly last_name: string };
  readonly checked_in_at: string;
  readonly is_first: boolean;
}

/** How an event sells. */
export interface Sales {
  readonly points: readonly SalesPoint[];
  readonly rate_per_second: number;
  readonly taken: number;
  readonly total_slots: number;
  readonly money_taken: number;
  readonly refunded: number;
}

export interface SalesPoint {
  readonly at: string;
  readonly taken: number;
}

/** One of one's sessions. */
export interface Session {
  readonly created_at: string;
  readonly last_used_at: string;
  readonly expires_at: string;
  readonly current: boolean;
  readonly user_agent?: string;
}

export const scopes = ['events:read', 'events:write', 'bookings:read', 'bookings:write', 'account:read'] as const;

export interface Token {
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly expires_at?: string;
  readonly last_used_at?: string;
}

export interface PersonItem extends Me {
  readonly created_at: string;
}

interface Somebody {
  readonly id: number;
  readonly login: string;
}

export interface TrailEntry {
  readonly id: number;
  readonly at: string;
  readonly service: string;
  readonly action: string;
  readonly by: Somebody | null;
  readonly to: Somebody | null;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface StatementItem {
  readonly id: number;
  readonly user_id: number;
  readonly kind: 'deposit' | 'credit' | 'payout' | 'payment' | 'refund';
  readonly amount: number;
  readonly balance: number;
  readonly event_id?: number;
  readonly booking_id?: number;
  readonly reference?: string;
  readonly at: string;
}

/** What amounts mean to the eye: 40 with 2 digits of EUR is 0.40 EUR. */
export interface Currency {
  readonly currency: string;
  readonly digits: number;
}

export interface Report {
  readonly clean: boolean;
  readonly checked: Readonly<Record<string, number>>;
  readonly open: number;
  readonly found: number;
  readonly findings: readonly { readonly kind: string; readonly words: string; readonly booking_id?: number }[];
  readonly began_at: string;
  readonly took_ms: number;
}

/** Percentiles, as far as anything was measured. */
export type Percentiles = Readonly<Partial<Record<'p50' | 'p95' | 'p99' | 'max', number>>>;

/** The saga at work, as its operators see it. */
export interface SagaFigures {
  readonly states: Readonly<Record<State, number>>;
  readonly arrows: readonly {
    readonly from: State;
    readonly to: State;
    readonly label: string;
    readonly total: number;
    readonly per_second: number;
  }[];
  readonly set_sizes: Readonly<Record<string, Percentiles>>;
  readonly latencies_ms: Readonly<Record<string, Percentiles>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly open: number;
  readonly oldest_open_at?: string;
  readonly away: readonly string[];
  readonly stuck: readonly StuckBooking[];
}

export interface StuckBooking {
  readonly booking_id: number;
  readonly state: State;
  readonly attempts: number;
  readonly last_error?: string;
  readonly due_at: string;
}
