/** What the pages read of Startlist's answers. */

export type Role = 'person' | 'organizer' | 'admin';

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
