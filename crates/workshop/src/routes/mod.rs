//! What the module answers to, one operation per file.

mod attendee_path;
mod attendees;
mod availability;
mod calendar;
mod cancel;
mod check_in;
mod create;
mod delete;
mod favor;
mod feed;
mod feed_calendar;
mod list;
mod notify;
mod patch;
mod read;
mod register;
mod registration;
mod remove_attendee;
mod renew_feed;
mod replace;
mod revoke_feed;
mod stats;
mod unfavor;
mod withdraw;

use kernel::http::Routes;

pub(crate) fn all() -> Routes {
    kernel::routes![
        list::list_workshops,
        create::create_workshop,
        read::read_workshop,
        replace::replace_workshop,
        patch::patch_workshop,
        delete::delete_workshop,
        cancel::cancel_workshop,
        availability::workshop_availability,
        attendees::list_workshop_attendees,
        register::register_for_workshop,
        registration::read_workshop_registration,
        withdraw::withdraw_from_workshop,
        remove_attendee::remove_workshop_attendee,
        check_in::check_in_workshop_attendee,
        favor::favor_workshop,
        unfavor::unfavor_workshop,
        stats::workshop_stats,
        calendar::workshop_calendar,
        renew_feed::renew_calendar_feed,
        feed::read_calendar_feed,
        revoke_feed::revoke_calendar_feed,
        feed_calendar::feed_calendar,
        notify::notify_workshop_attendees,
    ]
}
