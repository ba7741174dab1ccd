/**
 * The types of all public routes, generated from the OpenAPI document (/openapi.json) by `npm run client`. Do not edit.
 */

export interface paths {
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in
         * @description The response sets the session cookie, `session_id`.
         *
         *     For: anyone.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs out
         * @description Ends the session; with `all=true`, all sessions of the person. Without a session, nothing changes.
         *
         *     For: anyone.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Registers a person
         * @description The new person has the role `person` and is not signed in. A repeated request returns 409. A login has letters of one alphabet, and does not look like another login.
         *
         *     For: anyone.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/signin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explains how to sign in
         * @description Gateways redirect requests without a session to this route.
         *
         *     For: anyone.
         */
        get: operations["signIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the signed-in person in headers
         * @description For gateways that authenticate each request, such as nginx with `auth_request`. Accepts a token of any scope.
         *
         *     For: a signed-in person.
         */
        get: operations["whoAmI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Changes one's password
         * @description Ends all other sessions. API tokens stay valid; revoke them separately.
         *
         *     For: a signed-in person.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/people/{id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Changes the role of a person
         * @description The role applies within a second. Repeating the request changes nothing.
         *
         *     For: an admin.
         */
        put: operations["changeRole"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists one's API tokens
         * @description `last_used_at` is accurate to five minutes.
         *
         *     For: a signed-in person.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Creates an API token
         * @description The token is shown only in this response. Send it as `Authorization: Bearer slt_…`; it acts for its owner, within its scopes. Without `expires_at` it is valid until revoked. A repeated request creates a second token, and an `Idempotency-Key` is rejected (400), because the token is not stored and could not be sent again. If no response arrives, list the tokens and revoke the one that you did not receive.
         *
         *     For: a signed-in person.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/people/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Issues a password reset token for a person
         * @description The token is shown only in this response. It works once, within 24 hours, and replaces any earlier one.
         *
         *     For: an admin.
         */
        post: operations["issueReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists people in id order
         * @description `q` finds people whose login, name and email contain each of its words. Case, accents and the order of the words do not matter.
         *
         *     For: an admin.
         */
        get: operations["listPeople"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists one's newest 100 sessions
         * @description Session ids are never shown. `POST /logout?all=true` ends all sessions.
         *
         *     For: a signed-in person.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the signed-in person
         * @description For: a signed-in person.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/trail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the entries of the audit log
         * @description Entries are never changed or deleted. `user_id` selects the actions by a person and those that affect them. With `order=newest` the newest come first, and `after` continues with older ones. Actions in other services appear after a short delay.
         *
         *     For: an admin.
         */
        get: operations["readTrail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets a new password with a reset token
         * @description Ends all sessions of the person and revokes all their API tokens: an intruder may have created some.
         *
         *     For: anyone.
         */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revokes an API token
         * @description The token stops working within a second. Revoking it again returns 404.
         *
         *     For: its owner.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows this document
         * @description OpenAPI 3.1, made from the schemas by which requests are validated. `/docs` shows it as a page.
         *
         *     For: anyone.
         */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels an event
         * @description No more slots are sold. Its bookings are canceled and refunded in the background; `cancellation` shows the progress. Canceling again changes nothing.
         *
         *     For: its organizer or an admin.
         */
        post: operations["cancelEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes an event
         * @description Absent fields keep their value; null removes an optional field. A new price and an earlier `cancel_until` apply to later bookings only. After a change of `starts_at` or `venue`, owners of earlier bookings can cancel for seven days.
         *
         *     For: its organizer or an admin.
         */
        patch: operations["changeEvent"];
        trace?: never;
    };
    "/events/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Creates an event
         * @description Only the name, the price and the number of slots are required. No slot is sold before `sale_opens_at`, nor from `sale_closes_at` on (by default from `starts_at` on). A person gets at most `max_per_person` slots. Owners can cancel their bookings until `cancel_until` (by default until `starts_at`).
         *
         *     For: an organizer or an admin.
         */
        post: operations["createEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/get/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an event with its free slots
         * @description For: anyone.
         */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists events in id order
         * @description With `view=detail`, each event is shown in full. `when=upcoming` lists the events that have not started and those without a start, `when=past` the others, and `ids` only the events with these ids.
         *
         *     For: anyone.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams events as they change
         * @description A stream of server-sent events. Each `event` carries one event in full: first its current state, then every change of its slots or fields, on any replica. Without `ids`, the newest 1,000 events are streamed. An `id` follows each group of events: to resume, send the last one as `Last-Event-ID`.
         *
         *     For: anyone.
         */
        get: operations["watchEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hands an event to another organizer
         * @description The earlier organizer keeps no access, unless an admin or the new organizer gives it.
         *
         *     For: its organizer or an admin.
         */
        post: operations["handOverEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{id}/helpers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the organizer and the helpers of an event
         * @description For: the organizer, a helper who manages the event, or an admin.
         */
        get: operations["listHelpers"];
        /**
         * Gives a person access to an event
         * @description Only an organizer or an admin can manage an event; everyone can scan. Another `access` replaces the earlier one.
         *
         *     For: the organizer, a helper who manages the event, or an admin.
         */
        put: operations["setHelper"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the events that the caller organizes or helps with, in id order
         * @description For: a signed-in person.
         */
        get: operations["listOwnEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{id}/helpers/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Takes a person’s access to an event away
         * @description Removing a person again changes nothing.
         *
         *     For: the organizer, a helper who manages the event, or an admin.
         */
        delete: operations["removeHelper"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{id}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the access of the caller to an event
         * @description `manage`: edit and cancel the event, see its attendees and sales, book by hand, choose helpers. `scan`: list its attendees and check them in. Absent for neither.
         *
         *     For: a signed-in person.
         */
        get: operations["showAccess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/credit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Credits an account
         * @description Records money received at a cash desk or from a payment provider. `reference` is unique among credits and payouts, without blanks at its ends: a repeated request returns the first response and moves no money.
         *
         *     For: an admin.
         */
        post: operations["credit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/deposit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Tops up one's own balance (demo only)
         * @description For: everyone, in the demo only.
         */
        put: operations["deposit"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the balance of an account
         * @description Amounts are integers in the smallest unit of the currency; see `GET /account/currency`.
         *
         *     For: the owner of the account, or an admin with `user_id`.
         */
        get: operations["getBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/currency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the currency and its number of decimal digits
         * @description With `digits` 2, show an amount of 1250 as 12.50. The API itself uses integers only.
         *
         *     For: anyone.
         */
        get: operations["getCurrency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the transfers of an account in id order, each with the balance after it
         * @description Amounts are integers in the smallest unit of the currency; see `GET /account/currency`.
         *
         *     For: the owner of the account, or an admin with `user_id`.
         */
        get: operations["getStatement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/account/payout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pays money out to a person
         * @description The amount must not exceed the balance. `reference` is unique among credits and payouts, without blanks at its ends: a repeated request returns the first response and moves no money.
         *
         *     For: an admin.
         */
        post: operations["payout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/by-hand": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Books a slot for a person or a guest
         * @description For a person with a `login`, or for a guest with a `guest_name`, whose booking belongs to the organizer. Without `paid` the booking is free. Booked outside the times and limits of the sale, but never beyond the slots. What was paid at the desk leaves all balances as they are, and the desk returns it when the booking is canceled. Responses are those of `POST /book/create`; the reason `reference_used` says that another payment has this reference, and `amount_too_large` that the total that a person may ever pay in would be exceeded.
         *
         *     For: the organizer, a helper who manages the event, or an admin.
         */
        post: operations["bookByHand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels a booking, and refunds it
         * @description Canceling again changes nothing. The owner may cancel until the event’s `cancel_until`, or else its start, and until check-in; for seven days after a change of date or place; and never for a shorter time than promised when the booking was made. The organizer and admins may cancel at any time.
         *
         *     For: its owner, the organizer, a helper who manages the event, or an admin.
         */
        post: operations["cancelBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Books a slot
         * @description Responds when the booking has settled: `status` 4 is complete, -1 is canceled, with a `reason`. With `price`, a booking at any other price is canceled with the reason `price_changed`. A booking of an unknown event is canceled with the reason `no_such_event`. If settling takes too long, or with `Prefer: respond-async`, the response is 202. A 503 guarantees that nothing was stored. A repeated request with the same `Idempotency-Key` returns the current state of the booking created first.
         *
         *     For: a signed-in person.
         */
        post: operations["createBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/get/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a booking, with the time at which it reached each state
         * @description For: its owner or an admin.
         */
        get: operations["getBooking"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists a person's bookings in the order of ids
         * @description `view=detail` returns each booking in full. `event_id` selects the bookings of one event.
         *
         *     For: the owner of the bookings, or an admin with `user_id`.
         */
        get: operations["listBookings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams your bookings as they change
         * @description A stream of server-sent events. Each `booking` event is a booking in full: first your newest ten, then each one that changes, on any replica. An `id` is sent in a frame without data, after the bookings that it covers. To resume after a break, send the last one as `Last-Event-ID`.
         *
         *     For: a signed-in person.
         */
        get: operations["watchBookings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/check-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Checks in an attendee
         * @description Send either `code`, the code of a ticket, or `booking_id`, for an attendee without a ticket at hand. With `event_id`, a ticket for another event is rejected and stays valid. A second check-in changes nothing: the response has the time of the first check-in, and `is_first` is false. After check-in the owner can no longer cancel the booking.
         *
         *     For: the organizer, a helper of the event, or an admin.
         */
        post: operations["checkIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/attendees/{event_id}/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Exports the attendees of an event as CSV
         * @description CSV (RFC 4180) in UTF-8 with a byte order mark. Amounts have their decimal digits, times are those of the clocks in the time zone of the event (or UTC). With `separator=;` the decimal sign is a comma, as in the spreadsheets that expect semicolons. Whatever a spreadsheet would read as a formula has an apostrophe in front.
         *
         *     For: the organizer, a helper who manages the event, or an admin.
         */
        get: operations["exportAttendees"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/attendees/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the attendees of an event
         * @description Attendees are listed in the order of booking ids; `after` is a booking id. `q` is a ticket code, a booking id, or words that the name and login contain; case, accents and the order of the words do not matter. One request searches up to 10,000 attendees, so a page of a search may be short or empty and still have a `Link` to the next one.
         *
         *     For: the organizer, a helper of the event, or an admin.
         */
        get: operations["listAttendees"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/sales/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the sales of an event
         * @description A curve of at most 300 points, and totals. The figures are up to a second old. Sums of money are exact also above 2^53 - 1: read them as big integers where they may grow so large.
         *
         *     For: the organizer, a helper who manages the event, or an admin.
         */
        get: operations["showSales"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/check-in/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undoes a check-in
         * @description The ticket can be checked in again, and the owner can cancel again. Recorded in the audit log. Undoing again changes nothing.
         *
         *     For: the organizer, a helper of the event, or an admin.
         */
        post: operations["undoCheckIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/saga": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows how the saga runs
         * @description The number of bookings in each state and along each transition, batch sizes and durations, and stuck bookings. `of_this_process` lists the fields that describe only the replica that responds.
         *
         *     For: an admin.
         */
        get: operations["showSaga"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/saga/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams how the saga runs, every second
         * @description A stream of server-sent events. Each `saga` event is a response of `GET /book/saga`.
         *
         *     For: an admin.
         */
        get: operations["watchSaga"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/reconciliation/last": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the last comparison of this process
         * @description For: an admin.
         */
        get: operations["lastReconciliation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/reconciliation/mend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Repairs the records of all services, and compares them
         * @description For use after a database was restored from a backup. The response has the same form as that of the comparison. A repeated request repairs what is left to repair.
         *
         *     For: an admin.
         */
        post: operations["mend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/book/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compares the records of all services
         * @description In large installations the comparison takes minutes. With `Accept: application/x-ndjson`, the response has a line of JSON with the progress about every second, and the report as the last line.
         *
         *     For: an admin.
         */
        get: operations["reconcile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Liveness probe
         * @description For: anyone.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Readiness probe
         * @description For: anyone.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Balance: {
            /** @description a whole number from 0 */
            balance: number;
        };
        BookByHandBody: {
            /** @description an id: a whole number from 1 */
            event_id: number;
            /** @description a line of 1 to 100 characters, none of them a control character */
            login?: string;
            /** @description a line of 1 to 200 characters, none of them a control character or invisible, and not all of them spaces */
            guest_name?: string;
            paid?: {
                /** @description a whole number from 1 to 10^12; it counts into the total of 2^53 - 1 that a person may ever pay in */
                amount: number;
                /** @description a line of 1 to 200 characters, none of them a control character or invisible, and not all of them spaces */
                reference: string;
            };
        };
        BookingAnswer: {
            /** @description an id: a whole number from 1 */
            id: number;
            /** @description an id: a whole number from 1 */
            user_id: number;
            /** @description an id: a whole number from 1 */
            event_id: number;
            /** @description a whole number from 0 */
            price?: number;
            status: number;
            /** @description one of no_slots, no_such_event, sales_not_open, sales_closed, price_changed, limit_per_person, insufficient_funds, reference_used, amount_too_large, by_owner, by_organizer, event_canceled, undone; a newer version may add others */
            reason?: string;
        };
        BookingDetail: {
            /** @description an id: a whole number from 1 */
            id: number;
            /** @description an id: a whole number from 1 */
            user_id: number;
            /** @description an id: a whole number from 1 */
            event_id: number;
            /** @description a whole number from 0 */
            price?: number;
            status: number;
            /** @description one of no_slots, no_such_event, sales_not_open, sales_closed, price_changed, limit_per_person, insufficient_funds, reference_used, amount_too_large, by_owner, by_organizer, event_canceled, undone; a newer version may add others */
            reason?: string;
            state: string;
            history: {
                state: string;
                /** Format: date-time */
                at: string;
            }[];
            ticket_code?: string;
            /** Format: date-time */
            booked_at?: string;
            /** Format: date-time */
            checked_in_at?: string;
            guest_name?: string;
            desk_reference?: string;
        };
        BookingItem: {
            /** @description an id: a whole number from 1 */
            id: number;
            /** @description an id: a whole number from 1 */
            user_id: number;
            /** @description an id: a whole number from 1 */
            event_id: number;
            /** @description a whole number from 0 */
            price?: number;
            status: number;
        };
        CancelBookingBody: {
            /** @description an id: a whole number from 1 */
            booking_id: number;
        };
        CancelEventBody: {
            /** @description an id: a whole number from 1 */
            event_id: number;
        };
        ChangeEventBody: {
            /** @description a line of 1 to 200 characters, none of them a control character or invisible, and not all of them spaces */
            event_name?: string;
            /** @description a whole number from 0 */
            price?: number;
            /** @description a whole number from 1 */
            total_slots?: number;
            /** @description a moment with its zone, such as 2026-05-01T19:00:00Z, or null for none */
            starts_at?: string | null;
            /** @description a line of 1 to 200 characters, none of them a control character or invisible, and not all of them spaces, or null for none */
            venue?: string | null;
            /** @description a text of at most 5000 characters, none of them a control character that turns text, or null for none */
            description?: string | null;
            /** @description a time zone, such as Europe/Berlin, or null for none */
            time_zone?: string | null;
            /** @description a moment with its zone, such as 2026-05-01T19:00:00Z, or null for none */
            sale_opens_at?: string | null;
            /** @description a moment with its zone, such as 2026-05-01T19:00:00Z, or null for none */
            sale_closes_at?: string | null;
            /** @description a whole number from 1, or null for none */
            max_per_person?: number | null;
            /** @description a moment with its zone, such as 2026-05-01T19:00:00Z, or null for none */
            cancel_until?: string | null;
        };
        CreateBookingBody: {
            /** @description an id: a whole number from 1 */
            event_id: number;
            /** @description a whole number from 0 */
            price?: number;
        };
        CreateEventBody: {
            /** @description a line of 1 to 200 characters, none of them a control character or invisible, and not all of them spaces */
            event_name: string;
            /** @description a whole number from 0 */
            price: number;
            /** @description a whole number from 1 */
            total_slots: number;
            /** @description a moment with its zone, such as 2026-05-01T19:00:00Z */
            starts_at?: string;
            /** @description a line of 1 to 200 characters, none of them a control character or invisible, and not all of them spaces */
            venue?: string;
            /** @description a text of at most 5000 characters, none of them a control character that turns text */
            description?: string;
            /** @description a time zone, such as Europe/Berlin */
            time_zone?: string;
            /** @description a moment with its zone, such as 2026-05-01T19:00:00Z */
            sale_opens_at?: string;
            /** @description a moment with its zone, such as 2026-05-01T19:00:00Z */
            sale_closes_at?: string;
            /** @description a whole number from 1 */
            max_per_person?: number;
            /** @description a moment with its zone, such as 2026-05-01T19:00:00Z */
            cancel_until?: string;
        };
        Currency: {
            currency: string;
            /** @description the number of decimal digits */
            digits: number;
        };
        DepositBody: {
            /** @description a whole number from 1 to 2^53 - 1 */
            delta: number;
        };
        EventDetail: {
            /** @description an id: a whole number from 1 */
            id: number;
            event_name: string;
            /** @description a whole number from 0 */
            price: number;
            /** @description a whole number from 1 */
            total_slots: number;
            free_slots: number;
            /** @description an id: a whole number from 1 */
            organizer_id: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            starts_at?: string;
            venue?: string;
            description?: string;
            time_zone?: string;
            /** Format: date-time */
            sale_opens_at?: string;
            /** Format: date-time */
            sale_closes_at?: string;
            /** @description a whole number from 1 */
            max_per_person?: number;
            /** Format: date-time */
            cancel_until?: string;
            revision?: number;
            /** Format: date-time */
            changed_at?: string;
            /** Format: date-time */
            moved_at?: string;
            earlier_terms?: {
                /** Format: date-time */
                replaced_at: string;
                /** Format: date-time */
                cancel_until?: string;
            }[];
            cancellation?: {
                /** Format: date-time */
                canceled_at: string;
                slots_given_back: number;
                of: number;
            };
        };
        EventItem: {
            /** @description an id: a whole number from 1 */
            id: number;
            event_name: string;
            /** @description a whole number from 0 */
            price: number;
            /** @description a whole number from 1 */
            total_slots: number;
        };
        EventTeam: {
            organizer: {
                /** @description an id: a whole number from 1 */
                user_id: number;
                login: string;
                first_name: string;
                last_name: string;
            };
            helpers: {
                /** @description an id: a whole number from 1 */
                user_id: number;
                login: string;
                first_name: string;
                last_name: string;
                /**
                 * @description manage or scan
                 * @enum {unknown}
                 */
                access: "manage" | "scan";
            }[];
        };
        HandOverBody: {
            /** @description an id: a whole number from 1 */
            event_id: number;
            /** @description a line of 1 to 100 characters, none of them a control character */
            login: string;
        };
        HelperBody: {
            /** @description a line of 1 to 100 characters, none of them a control character */
            login: string;
            /**
             * @description manage or scan
             * @enum {unknown}
             */
            access: "manage" | "scan";
        };
        LoggedIn: {
            /** @constant */
            status: "ok";
        };
        LoginBody: {
            /** @description a line of 1 to 100 characters, none of them a control character */
            login: string;
            /** @description a text of 1 to 200 characters */
            password: string;
        };
        OwnEvent: {
            /** @description an id: a whole number from 1 */
            id: number;
            event_name: string;
            /** @description a whole number from 0 */
            price: number;
            /** @description a whole number from 1 */
            total_slots: number;
            free_slots: number;
            /** @description an id: a whole number from 1 */
            organizer_id: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            starts_at?: string;
            venue?: string;
            description?: string;
            time_zone?: string;
            /** Format: date-time */
            sale_opens_at?: string;
            /** Format: date-time */
            sale_closes_at?: string;
            /** @description a whole number from 1 */
            max_per_person?: number;
            /** Format: date-time */
            cancel_until?: string;
            revision?: number;
            /** Format: date-time */
            changed_at?: string;
            /** Format: date-time */
            moved_at?: string;
            earlier_terms?: {
                /** Format: date-time */
                replaced_at: string;
                /** Format: date-time */
                cancel_until?: string;
            }[];
            cancellation?: {
                /** Format: date-time */
                canceled_at: string;
                slots_given_back: number;
                of: number;
            };
            /**
             * @description manage or scan
             * @enum {unknown}
             */
            access: "manage" | "scan";
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            field?: string;
            reason?: string;
            values?: {
                [key: string]: string | number;
            };
        };
        ReconciliationFinding: {
            /** @enum {unknown} */
            kind: "slot_missing" | "slot_undone" | "slot_kept" | "slot_without_booking" | "payment_missing" | "payment_undone" | "payment_kept" | "payment_without_booking" | "records_disagree" | "price_differs" | "open_too_long" | "slots_miscounted" | "oversold" | "balance_differs" | "payment_misposted" | "account_missing" | "person_unknown" | "organizer_unknown" | "books_unbalanced";
            /** @description an id: a whole number from 1 */
            booking_id?: number;
            /** @description an id: a whole number from 1 */
            event_id?: number;
            /** @description an id: a whole number from 1 */
            user_id?: number;
            words: string;
        };
        ReconciliationLine: {
            /** @constant */
            state: "running";
            progress: components["schemas"]["ReconciliationProgress"];
        } | {
            /** @constant */
            state: "done";
            report: components["schemas"]["ReconciliationReport"];
        } | {
            /** @constant */
            state: "failed";
            detail: string;
        };
        ReconciliationProgress: {
            checked: {
                bookings: number;
                slots: number;
                payments: number;
                events: number;
                accounts: number;
                transfers: number;
            };
            open: number;
            found: number;
        };
        ReconciliationReport: {
            clean: boolean;
            checked: {
                bookings: number;
                slots: number;
                payments: number;
                events: number;
                accounts: number;
                transfers: number;
            };
            open: number;
            found: number;
            findings: components["schemas"]["ReconciliationFinding"][];
            mended?: {
                ids?: {
                    from: number;
                    to: number;
                };
                reoccupied: number;
                canceled: number;
                refunding: number;
                slots_released: number;
                payments_refunded: number;
                unsettled: number;
            };
            /** Format: date-time */
            began_at: string;
            took_ms: number;
        };
        RegisterBody: {
            /** @description a line of 1 to 100 characters, none of them a control character or invisible, and not all of them spaces */
            login: string;
            /** @description a text of 8 to 200 characters */
            password: string;
            /** @description a line of 0 to 254 characters, none of them a control character or invisible */
            email: string;
            /** @description a line of 0 to 100 characters, none of them a control character or invisible */
            first_name: string;
            /** @description a line of 0 to 100 characters, none of them a control character or invisible */
            last_name: string;
        };
        Registered: {
            /** @description an id: a whole number from 1 */
            id: number;
        };
        SignIn: {
            message: string;
        };
        StatementItem: {
            /** @description an id: a whole number from 1 */
            id: number;
            /** @description an id: a whole number from 1 */
            user_id: number;
            /**
             * @description one of deposit, credit, payout, payment, refund
             * @enum {unknown}
             */
            kind: "deposit" | "credit" | "payout" | "payment" | "refund";
            /** @description the change of the balance; negative when money was taken */
            amount: number;
            /** @description a whole number from 0 */
            balance: number;
            /** @description an id: a whole number from 1 */
            event_id?: number;
            /** @description an id: a whole number from 1 */
            booking_id?: number;
            reference?: string;
            /** Format: date-time */
            at: string;
        };
        VoucherBody: {
            /** @description an id: a whole number from 1 */
            user_id: number;
            /** @description a whole number from 1 to 2^53 - 1 */
            delta: number;
            /** @description a line of 1 to 200 characters, none of them a control character or invisible, and not all of them spaces */
            reference: string;
        };
    };
    responses: {
        /** @description The request is invalid. `field` names the wrong part, if it is a single one. */
        Problem400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not signed in. */
        Problem401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The signed-in person is not permitted to do this, or the request came from another site. */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not found, or not visible to the signed-in person. */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request conflicts with the current state. */
        Problem409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large. */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A part of the path is too long. */
        Problem414: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The `Idempotency-Key` was used for another request. */
        Problem422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests. Nothing was changed; retry after `Retry-After` seconds. */
        Problem429: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Temporarily unavailable. Nothing was changed; retry after `Retry-After` seconds. */
        Problem503: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The connection broke during the request. The outcome is unknown: check it before you retry. */
        Problem504: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description With `respond-async`, the response does not wait until the booking has settled (RFC 7240). */
        Prefer: string;
        /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
        "Idempotency-Key": string;
        /** @description The last `id` received on a stream of events. The stream continues after it. */
        "Last-Event-ID": string;
        /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
        "If-None-Match": string;
        /** @description The media type that the response should have. */
        Accept: string;
    };
    requestBodies: never;
    headers: {
        /** @description The version of the response. Send it back as `If-None-Match`. */
        ETag: string;
        /** @description The address of the created resource. */
        Location: string;
        /** @description The name of the file. */
        "Content-Disposition": string;
        /** @description The next page, as `<…>; rel="next"`, when there may be one (RFC 8288). */
        Link: string;
        /** @description `respond-async`, if it was requested. */
        "Preference-Applied": string;
        /** @description The session, as the cookie `session_id`. */
        "Set-Cookie": string;
        /** @description Seconds to wait before a retry. */
        "Retry-After": number;
        /** @description The person's id. */
        "X-User-Id": string;
        /** @description The person's login, percent-encoded. */
        "X-User-Login": string;
        /** @description The person's role. */
        "X-User-Role": string;
        /** @description The person's email, percent-encoded. */
        "X-User-Email": string;
        /** @description The person's first name, percent-encoded. */
        "X-User-First-Name": string;
        /** @description The person's last name, percent-encoded. */
        "X-User-Last-Name": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginBody"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            /** @description The login or the password is wrong. */
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    logout: {
        parameters: {
            query?: {
                /** @description true or false */
                all?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out. */
            200: {
                headers: {
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterBody"];
            };
        };
        responses: {
            /** @description The id of the new person. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registered"];
                };
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            /** @description The login is taken (`login_taken`), looks like one that is taken (`login_looks_taken`), or mixes alphabets (`login_mixes_alphabets`). */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The explanation. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    whoAmI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request is authenticated. */
            200: {
                headers: {
                    "X-User-Id": components["headers"]["X-User-Id"];
                    "X-User-Login": components["headers"]["X-User-Login"];
                    "X-User-Role": components["headers"]["X-User-Role"];
                    "X-User-Email": components["headers"]["X-User-Email"];
                    "X-User-First-Name": components["headers"]["X-User-First-Name"];
                    "X-User-Last-Name": components["headers"]["X-User-Last-Name"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description a text of 1 to 200 characters */
                    old_password: string;
                    /** @description a text of 8 to 200 characters */
                    new_password: string;
                };
            };
        };
        responses: {
            /** @description The password is changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    changeRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description one of person, organizer, admin
                     * @enum {unknown}
                     */
                    role: "person" | "organizer" | "admin";
                };
            };
        };
        responses: {
            /** @description The person with the new role. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description an id: a whole number from 1 */
                        id: number;
                        login: string;
                        /**
                         * @description one of person, organizer, admin
                         * @enum {unknown}
                         */
                        role: "person" | "organizer" | "admin";
                        email: string;
                        first_name: string;
                        last_name: string;
                        /** Format: date-time */
                        created_at: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The person does not exist. */
            404: components["responses"]["Problem404"];
            /** @description The person is the last admin. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokens. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description an id: a whole number from 1 */
                        id: number;
                        name: string;
                        scopes: ("events:read" | "events:write" | "bookings:read" | "bookings:write" | "account:read")[];
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        expires_at?: string;
                        /** Format: date-time */
                        last_used_at?: string;
                    }[];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description a line of 1 to 100 characters, none of them a control character or invisible, and not all of them spaces */
                    name: string;
                    /** @description one or more scopes, each once */
                    scopes: ("events:read" | "events:write" | "bookings:read" | "bookings:write" | "account:read")[];
                    /** @description a moment with its zone, such as 2026-05-01T19:00:00Z */
                    expires_at?: string;
                };
            };
        };
        responses: {
            /** @description The new token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description an id: a whole number from 1 */
                        id: number;
                        name: string;
                        scopes: ("events:read" | "events:write" | "bookings:read" | "bookings:write" | "account:read")[];
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        expires_at?: string;
                        /** Format: date-time */
                        last_used_at?: string;
                        token: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The person already has 100 tokens. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    issueReset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token, to hand to the person. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        token: string;
                        /** Format: date-time */
                        expires_at: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The person does not exist. */
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    listPeople: {
        parameters: {
            query?: {
                /** @description the maximum number of items, 1 to 1,000 */
                limit?: number;
                /** @description an id */
                after?: number;
                /** @description a line of 1 to 100 characters, none of them a control character */
                q?: string;
            };
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of people. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description an id: a whole number from 1 */
                        id: number;
                        login: string;
                        /**
                         * @description one of person, organizer, admin
                         * @enum {unknown}
                         */
                        role: "person" | "organizer" | "admin";
                        email: string;
                        first_name: string;
                        last_name: string;
                        /** Format: date-time */
                        created_at: string;
                    }[];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions, the current one first. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        last_used_at: string;
                        /** Format: date-time */
                        expires_at: string;
                        current: boolean;
                        user_agent?: string;
                    }[];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description an id: a whole number from 1 */
                        id: number;
                        login: string;
                        /**
                         * @description one of person, organizer, admin
                         * @enum {unknown}
                         */
                        role: "person" | "organizer" | "admin";
                        email: string;
                        first_name: string;
                        last_name: string;
                    };
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    readTrail: {
        parameters: {
            query?: {
                /** @description the maximum number of items, 1 to 1,000 */
                limit?: number;
                /** @description an id */
                after?: number;
                /** @description an id: a whole number from 1 */
                user_id?: number;
                /** @description a line of 1 to 40 characters, none of them a control character */
                action?: string;
                /** @description oldest or newest */
                order?: "oldest" | "newest";
            };
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description an id: a whole number from 1 */
                        id: number;
                        /** Format: date-time */
                        at: string;
                        service: string;
                        action: string;
                        by: {
                            /** @description an id: a whole number from 1 */
                            id: number;
                            login: string;
                        } | null;
                        to: {
                            /** @description an id: a whole number from 1 */
                            id: number;
                            login: string;
                        } | null;
                        /** @description an object of strings, integers and booleans */
                        details: {
                            [key: string]: string | number | boolean;
                        };
                    }[];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description a line of 1 to 100 characters, none of them a control character */
                    token: string;
                    /** @description a text of 8 to 200 characters */
                    new_password: string;
                };
            };
        };
        responses: {
            /** @description The password is set. Sign in with it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token is revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description You have no token with this id. */
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                        info: Record<string, never>;
                        paths: Record<string, never>;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    cancelEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelEventBody"];
            };
        };
        responses: {
            /** @description The canceled event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            /** @description The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    changeEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEventBody"];
            };
        };
        responses: {
            /** @description The changed event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            /** @description More slots are taken than would remain, or the event is canceled. The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            414: components["responses"]["Problem414"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    createEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateEventBody"];
            };
        };
        responses: {
            /** @description The new event. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventItem"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    getEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDetail"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description the maximum number of items, 1 to 1,000 */
                limit?: number;
                /** @description an id */
                after?: number;
                /** @description item or detail */
                view?: "item" | "detail";
                /** @description an id: a whole number from 1 */
                organizer_id?: number;
                /** @description upcoming or past */
                when?: "upcoming" | "past";
                /** @description up to 100 ids, separated by commas */
                ids?: string;
            };
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": (components["schemas"]["EventDetail"] | components["schemas"]["EventItem"])[];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    watchEvents: {
        parameters: {
            query?: {
                /** @description up to 100 ids, separated by commas */
                ids?: string;
            };
            header?: {
                /** @description The last `id` received on a stream of events. The stream continues after it. */
                "Last-Event-ID"?: components["parameters"]["Last-Event-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            /** @description Too many open streams. */
            503: components["responses"]["Problem503"];
        };
    };
    handOverEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOverBody"];
            };
        };
        responses: {
            /** @description The team. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTeam"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            /** @description The person is not an organizer. The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    listHelpers: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The team. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTeam"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    setHelper: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HelperBody"];
            };
        };
        responses: {
            /** @description The team. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTeam"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            /** @description The person is the event’s organizer, or is not an organizer and so cannot manage events. The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            414: components["responses"]["Problem414"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    listOwnEvents: {
        parameters: {
            query?: {
                /** @description the maximum number of items, 1 to 1,000 */
                limit?: number;
                /** @description an id */
                after?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events, each with the access of the caller. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnEvent"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    removeHelper: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
                /** @description an id: a whole number from 1 */
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The team. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTeam"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            /** @description The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            414: components["responses"]["Problem414"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    showAccess: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The access. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description manage or scan
                         * @enum {unknown}
                         */
                        access?: "manage" | "scan";
                    };
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    credit: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoucherBody"];
            };
        };
        responses: {
            /** @description The credit, as a line of the statement. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementItem"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The person does not exist. */
            404: components["responses"]["Problem404"];
            /** @description The reference is already used for another credit or payout, or the total paid in by the person would exceed 2^53 - 1. The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    deposit: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DepositBody"];
            };
        };
        responses: {
            /** @description The new balance. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Balance"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The total paid in by the person would exceed 2^53 - 1. The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    getBalance: {
        parameters: {
            query?: {
                /** @description an id: a whole number from 1 */
                user_id?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The balance. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Balance"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    getCurrency: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The currency. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Currency"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    getStatement: {
        parameters: {
            query?: {
                /** @description the maximum number of items, 1 to 1,000 */
                limit?: number;
                /** @description an id */
                after?: number;
                /** @description an id: a whole number from 1 */
                user_id?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the statement. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementItem"][];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    payout: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoucherBody"];
            };
        };
        responses: {
            /** @description The payout, as a line of the statement. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementItem"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The person does not exist. */
            404: components["responses"]["Problem404"];
            /** @description The balance is too low, or the reference is already used for another credit or payout. The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    bookByHand: {
        parameters: {
            query?: never;
            header?: {
                /** @description With `respond-async`, the response does not wait until the booking has settled (RFC 7240). */
                Prefer?: components["parameters"]["Prefer"];
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BookByHandBody"];
            };
        };
        responses: {
            /** @description The booking has settled. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingAnswer"];
                };
            };
            /** @description The booking has not settled yet. Poll the URL in `Location`. */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    cancelBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description With `respond-async`, the response does not wait until the booking has settled (RFC 7240). */
                Prefer?: components["parameters"]["Prefer"];
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelBookingBody"];
            };
        };
        responses: {
            /** @description The booking has settled. */
            200: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingAnswer"];
                };
            };
            /** @description The booking has not settled yet. Poll the URL in `Location`. */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description You have no booking with this id. */
            404: components["responses"]["Problem404"];
            /** @description The deadline of the event has passed, or the ticket was used. The organizer can still cancel. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    createBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description With `respond-async`, the response does not wait until the booking has settled (RFC 7240). */
                Prefer?: components["parameters"]["Prefer"];
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateBookingBody"];
            };
        };
        responses: {
            /** @description The booking has settled. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingAnswer"];
                };
            };
            /** @description The booking has not settled yet. Poll the URL in `Location`. */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingAnswer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    getBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                /** @description an id: a whole number from 1 */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The booking. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingDetail"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description You have no booking with this id. */
            404: components["responses"]["Problem404"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    listBookings: {
        parameters: {
            query?: {
                /** @description the maximum number of items, 1 to 1,000 */
                limit?: number;
                /** @description an id */
                after?: number;
                /** @description an id: a whole number from 1 */
                user_id?: number;
                /** @description an id: a whole number from 1 */
                event_id?: number;
                /** @description item or detail */
                view?: "item" | "detail";
            };
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of bookings. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": (components["schemas"]["BookingDetail"] | components["schemas"]["BookingItem"])[];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    watchBookings: {
        parameters: {
            query?: never;
            header?: {
                /** @description The last `id` received on a stream of events. The stream continues after it. */
                "Last-Event-ID"?: components["parameters"]["Last-Event-ID"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            /** @description Too many open streams. */
            503: components["responses"]["Problem503"];
        };
    };
    checkIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the code of a ticket, such as 7KQ2-M0XD-9R4T */
                    code?: string;
                    /** @description an id: a whole number from 1 */
                    booking_id?: number;
                    /** @description an id: a whole number from 1 */
                    event_id?: number;
                };
            };
        };
        responses: {
            /** @description The attendee is checked in, by this or an earlier request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description an id: a whole number from 1 */
                        booking_id: number;
                        /** @description an id: a whole number from 1 */
                        event_id: number;
                        /** @description an id: a whole number from 1 */
                        user_id: number;
                        person: {
                            login: string;
                            first_name: string;
                            last_name: string;
                        };
                        guest_name?: string;
                        /** Format: date-time */
                        checked_in_at: string;
                        is_first: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The ticket or booking does not exist, or you do not manage its event. */
            404: components["responses"]["Problem404"];
            /** @description The booking is not complete or was canceled. If `reason` is `other_event`, the ticket is for another event, which `values` names. The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    exportAttendees: {
        parameters: {
            query?: {
                /** @description a comma (the default), a semicolon (%3B) or a tab (%09) */
                separator?: "," | ";" | "\t";
            };
            header?: never;
            path: {
                /** @description an id: a whole number from 1 */
                event_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    listAttendees: {
        parameters: {
            query?: {
                /** @description the maximum number of items, 1 to 1,000 */
                limit?: number;
                /** @description an id */
                after?: number;
                /** @description part of a name or login, a ticket code, or a booking id */
                q?: string;
            };
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                /** @description an id: a whole number from 1 */
                event_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of attendees. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description an id: a whole number from 1 */
                        booking_id: number;
                        /** @description an id: a whole number from 1 */
                        user_id: number;
                        login: string;
                        first_name: string;
                        last_name: string;
                        /** @description a whole number from 0 */
                        price?: number;
                        /** Format: date-time */
                        complete_at: string;
                        /** Format: date-time */
                        checked_in_at?: string;
                        guest_name?: string;
                        desk_reference?: string;
                    }[];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    showSales: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                /** @description an id: a whole number from 1 */
                event_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sales. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        points: {
                            /** Format: date-time */
                            at: string;
                            taken: number;
                        }[];
                        rate_per_second: number;
                        taken: number;
                        total_slots: number;
                        money_taken: number;
                        refunded: number;
                    };
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The event does not exist. */
            404: components["responses"]["Problem404"];
            414: components["responses"]["Problem414"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    undoCheckIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 ASCII characters in quotes: a new value for each request, and the same value for its retries. Within 24 hours, a retry gets the first response and changes nothing. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description an id: a whole number from 1 */
                    booking_id: number;
                    /** @description a moment with its zone, such as 2026-05-01T19:00:00Z */
                    checked_in_at?: string;
                };
            };
        };
        responses: {
            /** @description The attendee is not checked in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description an id: a whole number from 1 */
                        booking_id: number;
                        /** @description an id: a whole number from 1 */
                        event_id: number;
                        was_checked_in: boolean;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description The booking does not exist, or you have no access to its event. */
            404: components["responses"]["Problem404"];
            /** @description The booking is not complete or was canceled. The first request with this `Idempotency-Key` is still in progress. */
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            /** @description The `Idempotency-Key` was used for another request. */
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    showSaga: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        at: string;
                        states: {
                            [key: string]: number;
                        };
                        is_estimated: boolean;
                        arrows: {
                            from: string;
                            to: string;
                            label: string;
                            total: number;
                            per_second: number;
                        }[];
                        set_sizes: {
                            [key: string]: {
                                p50: number;
                                p95: number;
                                max: number;
                            };
                        };
                        latencies_ms: {
                            [key: string]: {
                                p50: number;
                                p95: number;
                                p99: number;
                            };
                        };
                        refusals: {
                            [key: string]: number;
                        };
                        open: number;
                        /** Format: date-time */
                        oldest_open_at?: string;
                        away: string[];
                        stuck: {
                            /** @description an id: a whole number from 1 */
                            booking_id: number;
                            state: string;
                            attempts: number;
                            last_error?: string;
                            /** Format: date-time */
                            due_at: string;
                        }[];
                        of_this_process: string[];
                    };
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    watchSaga: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            /** @description Too many open streams. */
            503: components["responses"]["Problem503"];
        };
    };
    lastReconciliation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationReport"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description This process has not run a comparison since it started. */
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    mend: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was repaired, and the report of a comparison afterwards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationReport"];
                    "application/x-ndjson": components["schemas"]["ReconciliationLine"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
            504: components["responses"]["Problem504"];
        };
    };
    reconcile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response. If the tag still matches, the response is 304 (RFC 9110). */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationReport"];
                    "application/x-ndjson": components["schemas"]["ReconciliationLine"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is running. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "OK";
                    };
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process accepts requests. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "OK";
                    };
                };
            };
            /** @description The process is shutting down. */
            503: components["responses"]["Problem503"];
        };
    };
}
