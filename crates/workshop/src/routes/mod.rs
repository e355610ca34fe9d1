//! What the module answers to, one operation per file.

mod add_attendee_photo;
mod add_workshop_photo;
mod attendee_path;
mod attendees;
mod availability;
mod calendar;
mod cancel;
mod check_in;
mod create;
mod delete;
mod delete_workshop_photo;
mod delete_workshop_photos;
mod favor;
mod feed;
mod feed_calendar;
mod list;
mod list_attendee_photos;
mod list_workshop_photos;
mod notify;
mod patch;
mod photo_body;
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
        list_workshop_photos::list_workshop_photos,
        add_workshop_photo::add_workshop_photo,
        delete_workshop_photos::delete_workshop_photos,
        delete_workshop_photo::delete_workshop_photo,
        list_attendee_photos::list_attendee_photos,
        add_attendee_photo::add_attendee_photo,
    ]
}
