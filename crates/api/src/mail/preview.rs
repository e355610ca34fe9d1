//! Every mail with sample data, to look at.

use accounts::letters::{Says, Way};
use chrono::{DateTime, Utc};
use kernel::mail::Mail;

use super::{
    links::Links,
    wording::{self, Invitation, Membership},
};

/// The names of the mails.
pub const NAMES: [&str; 14] = [
    "reset-password",
    "set-password",
    "verify-email",
    "finish-sign-up",
    "already-signed-up",
    "confirm-email",
    "email-changed",
    "email-restored",
    "password-changed",
    "new-device",
    "member-added",
    "promotion",
    "invitation",
    "notification",
];

/// The mail of that name with sample data; none if there is none.
pub fn preview(name: &str, links: &Links, now: DateTime<Utc>) -> Option<Result<Mail, askama::Error>> {
    let way = |code: Option<&str>| Way {
        code: code.map(Into::into),
        token: "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz0918273645-_".into(),
        until: now + chrono::Duration::minutes(15),
    };
    let says = match name {
        "reset-password" => Says::ResetPassword(way(Some("123456"))),
        "set-password" => Says::SetPassword(way(None)),
        "verify-email" => Says::VerifyEmail(way(Some("123456"))),
        "finish-sign-up" => Says::FinishSignUp(way(Some("123456"))),
        "already-signed-up" => Says::AlreadySignedUp,
        "confirm-email" => Says::ConfirmEmail(way(Some("123456"))),
        "email-changed" => Says::EmailChanged(way(None)),
        "email-restored" => Says::EmailRestored(way(Some("123456"))),
        "password-changed" => Says::PasswordChanged { at: now },
        "new-device" => {
            Says::NewDevice { at: now, device: "Firefox on Linux".to_owned(), address: Some("192.0.2.7".to_owned()) }
        }
        "member-added" => return Some(wording::membership(links, &sample()).mail(None, TO.to_owned())),
        "promotion" => return Some(wording::promotion(links, &sample()).mail(None, TO.to_owned())),
        "notification" => {
            let words = ("Your image was rejected", "It is too dark: please take it by daylight.");
            return Some(wording::notification(links, &sample().workspace, Some(words)).mail(None, TO.to_owned()));
        }
        "invitation" => {
            let Membership { workspace, role } = sample();
            let Way { token, .. } = way(None);
            let until = now + chrono::Duration::days(7);
            let sample = Invitation { inviter: Some("Grace Hopper".to_owned()), workspace, role, token, until };
            return Some(wording::invitation(links, &sample).mail(None, TO.to_owned()));
        }
        _ => return None,
    };
    Some(wording::of_account(links, &says).mail(None, TO.to_owned()))
}

fn sample() -> Membership {
    Membership { workspace: "acme".to_owned(), role: "developer".to_owned() }
}

const TO: &str = "ada@example.com";

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_mail_has_a_preview_that_says_why_one_gets_it() {
        let links = Links::new(&crate::settings::load(None, HashMap::new()).unwrap());
        for name in NAMES {
            let mail = preview(name, &links, DateTime::UNIX_EPOCH).unwrap().unwrap();
            let html = mail.html.unwrap();
            assert!(mail.text.contains("\n-- \nYou get this mail because "), "{name}: {}", mail.text);
            assert!(html.contains("You get this mail because "), "{name}");
            assert_eq!(mail.text.contains("123456"), html.contains(">123456<"), "{name}");
            assert!(!mail.text.contains("  \n") && !mail.text.contains("\n\n\n"), "{name}: {}", mail.text);
            assert!(mail.text.lines().all(|line| line.len() < 900), "{name}: a line is too long for mail");
        }
        assert!(preview("other", &links, DateTime::UNIX_EPOCH).is_none());
    }
}
