//! The gallery's operations, one per file.

mod album_images;
mod albums;
mod appeal;
mod approval;
mod bulk;
mod bytes;
mod claims;
mod comments;
mod content;
mod create;
mod current;
mod decide;
mod delete;
mod list;
mod patch;
mod photos;
mod queue;
mod range;
mod read;
mod replace;
mod reports;
mod said_of_image;
mod said_of_photo;
mod settings;
mod share;
mod shared;
mod submit;
mod tags;
mod trash;
mod withdraw;

use kernel::http::Routes;

/// The gallery's routes.
pub fn routes() -> Routes {
    kernel::routes![
        create::create,
        list::list,
        read::read,
        replace::replace,
        patch::patch,
        delete::delete,
        content::content,
        share::share,
        shared::shared,
        submit::submit,
        approval::approval,
        decide::decide,
        withdraw::withdraw,
        queue::queue,
        bulk::edit_images,
        bulk::delete_images,
        bulk::decide_approvals,
        albums::list_albums,
        albums::create_album,
        albums::read_album,
        albums::replace_album,
        albums::edit_album,
        albums::delete_album,
        album_images::fill_album,
        album_images::clear_album,
        album_images::take_out_of_album,
        album_images::arrange_album,
        tags::list_tags,
        tags::rename_tags,
        appeal::appeal,
        claims::claim,
        claims::release,
        settings::read_settings,
        settings::change_settings,
        trash::list_trash,
        trash::restore,
        said_of_image::like_image,
        said_of_image::unlike_image,
        said_of_image::report_image,
        said_of_image::comment_on_image,
        said_of_image::list_image_comments,
        photos::read_photo,
        photos::delete_photo,
        said_of_photo::like_photo,
        said_of_photo::unlike_photo,
        said_of_photo::report_photo,
        said_of_photo::comment_on_photo,
        said_of_photo::list_photo_comments,
        comments::read_comment,
        comments::replace_comment,
        comments::edit_comment,
        comments::delete_comment,
        reports::list_reports,
        reports::read_report,
        reports::handle_report,
    ]
}
