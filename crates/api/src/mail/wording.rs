//! The words of every mail. Plain ones: what it is about, what to do, and why one gets it. Nothing that a stranger could
//! write is in a mail to somebody whose address is not proven: it would be a way to send them advertisements. Invitations must
//! name who invites, and to what; what strangers wrote is on one line there, and no mail program makes a link of it.

use accounts::letters::{Says, Way};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::{
    letter::{Letter, Link},
    links::Links,
};
use crate::settings::LinkSettings;

/// Somebody was made a member.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    pub(super) workspace: String,
    pub(super) role: String,
}

pub(super) fn membership(links: &Links, membership: &Membership) -> Letter {
    let Membership { workspace, role } = membership;
    Letter {
        subject: format!("You are now a member of {workspace}"),
        says: vec![format!("You were added to the workspace {workspace} with the role {role}.")],
        link: Some(Link { label: "Sign in to see it", url: links.to(|pages| &pages.sign_in, "") }),
        why: "You get this mail because someone added your account to a workspace.".to_owned(),
        ..Letter::default()
    }
}

/// Somebody's role was exchanged for the one that it promises.
pub(super) fn promotion(links: &Links, membership: &Membership) -> Letter {
    let Membership { workspace, role } = membership;
    Letter {
        subject: format!("You are now {role} in {workspace}"),
        says: vec![format!(
            "Your profile is complete and your phone number confirmed, so your role in the workspace {workspace} is now \
             {role}."
        )],
        link: Some(Link { label: "Sign in to see it", url: links.to(|pages| &pages.sign_in, "") }),
        why: "You get this mail because your role in a workspace changed.".to_owned(),
        ..Letter::default()
    }
}

/// Somebody is told of something in a workspace; in its words, where they may be told them.
pub(super) fn notification(links: &Links, workspace: &str, words: Option<(&str, &str)>) -> Letter {
    let (title, says) = match words {
        Some((title, body)) => {
            let lines = body.lines().map(harmless).filter(|line| !line.trim().is_empty());
            (harmless(title), lines.collect())
        }
        None => ("Something new for you".to_owned(), Vec::new()),
    };
    let mut says: Vec<String> = says;
    says.insert(0, format!("{title}, in the workspace {workspace}."));
    Letter {
        // What it is comes first: the title may be anybody's.
        subject: format!("News from {workspace}: {title}"),
        says,
        link: Some(Link { label: "Sign in to see it", url: links.to(|pages| &pages.sign_in, "") }),
        why:
            "You get this mail because you are told of such things by mail; your preferences for notifications say so."
                .to_owned(),
        ..Letter::default()
    }
}

/// Somebody is asked to become a member.
#[derive(Clone, Debug)]
pub(super) struct Invitation {
    /// What they call themselves, if they do.
    pub(super) inviter: Option<String>,
    pub(super) workspace: String,
    pub(super) role: String,
    pub(super) token: SecretString,
    pub(super) until: DateTime<Utc>,
}

pub(super) fn invitation(links: &Links, invitation: &Invitation) -> Letter {
    let inviter = invitation.inviter.as_deref().map_or_else(|| "Somebody".to_owned(), harmless);
    let (workspace, role) = (harmless(&invitation.workspace), harmless(&invitation.role));
    Letter {
        subject: format!("Invitation to {workspace}"),
        says: vec![format!("{inviter} invites you to the workspace {workspace}, as {role}.")],
        link: Some(Link {
            label: "Accept the invitation",
            url: links.to(|pages| &pages.accept_invitation, invitation.token.expose_secret()),
        }),
        notes: vec![
            format!("The link is good once, until {}.", instant(invitation.until)),
            "If you don't know what this is about, do nothing: you become a member of nothing.".to_owned(),
        ],
        why: "You get this mail because someone invited this address, or your account, to a workspace.".to_owned(),
        ..Letter::default()
    }
}

/// Shows nothing, and ends what looks like a name (zero-width space).
const BREAK: char = '\u{200b}';

/// What strangers wrote, for a letter in our name: no line of theirs looks like one of ours, and nothing is made a link of by
/// a mail program, which does that with bare names, too (`example.org/claim`).
fn harmless(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().map(|c| if c.is_control() { ' ' } else { c }).peekable();
    while let Some(letter) = letters.next() {
        plain.push(letter);
        if letter == '.' && letters.peek().is_some_and(|next| next.is_alphanumeric()) {
            plain.push(BREAK);
        }
    }
    plain.replace("://", ": //")
}

pub(super) fn of_account(links: &Links, says: &Says) -> Letter {
    match says {
        Says::ResetPassword(way) => asking(
            links,
            way,
            Request {
                subject: "Choose a new password",
                says: "Someone, presumably you, wants to choose a new password for your account. This is the code:",
                label: "Choose a new password",
                page: |pages| &pages.reset_password,
                note: "If that wasn't you, do nothing: your password stays as it is. Tell the code to nobody.",
                why: "You get this mail because someone entered your address where a new password is asked for.",
            },
        ),
        Says::SetPassword(way) => asking(
            links,
            way,
            Request {
                subject: "Your account is ready",
                says: "An account was made for you. Choose a password, and you can sign in.",
                label: "Choose a password",
                page: |pages| &pages.set_password,
                note: "If you don't know what this is about, do nothing: nobody can sign in to the account.",
                why: "You get this mail because an administrator made an account with your address.",
            },
        ),
        Says::VerifyEmail(way) => asking(
            links,
            way,
            Request {
                subject: "Confirm your e-mail address",
                says: "Please confirm that this is the address of your account. This is the code:",
                label: "Confirm the address",
                page: |pages| &pages.verify_email,
                note: "If you have no account, do nothing: someone mistook your address for theirs.",
                why: "You get this mail because an account was made with your address.",
            },
        ),
        Says::FinishSignUp(way) => asking(
            links,
            way,
            Request {
                subject: "Finish signing up",
                says: "Someone, presumably you, signed up with this address just now. Your account is made with the \
                   password chosen there when you enter this code:",
                label: "Finish signing up",
                page: |pages| &pages.verify_email,
                note: "If you didn't sign up just now, do nothing: no account is made, and nobody can use your address.",
                why: "You get this mail because someone signed up with your address.",
            },
        ),
        Says::ConfirmEmail(way) => asking(
            links,
            way,
            Request {
                subject: "Confirm your new e-mail address",
                says: "The owner of an account wants to use this address for it. If that is you, this is the code:",
                label: "Use this address",
                page: |pages| &pages.verify_email,
                note: "If that isn't you, do nothing: the account keeps the address that it has.",
                why: "You get this mail because someone entered your address as the new one of their account.",
            },
        ),
        Says::EmailChanged(way) => asking(
            links,
            way,
            Request {
                subject: "Your account has another e-mail address",
                says: "The e-mail address of your account was changed. From now on its mail goes to the new one. If that \
                   was you, there is nothing to do.",
                label: "That wasn't me: undo it",
                page: |pages| &pages.undo_email,
                note: "Undoing it gives your account this address back, signs everyone out, and has you choose a new \
                   password.",
                why: "You get this mail because this was the address of your account.",
            },
        ),
        Says::EmailRestored(way) => asking(
            links,
            way,
            Request {
                subject: "Your e-mail address is back",
                says: "This is the address of your account again. Everyone was signed out, and the password is no longer \
                   good. To choose a new one, this is the code:",
                label: "Choose a new password",
                page: |pages| &pages.reset_password,
                note: "When it is no longer good, ask for a new password where you sign in.",
                why: "You get this mail because the change of your address was undone.",
            },
        ),
        Says::AlreadySignedUp => already_signed_up(links),
        Says::PasswordChanged { at } => password_changed(*at),
        Says::NewDevice { at, device, address } => new_device(*at, device, address.as_deref()),
    }
}

fn already_signed_up(links: &Links) -> Letter {
    Letter {
        subject: "You have an account already".to_owned(),
        says: vec![
            "Someone, presumably you, signed up with this address, but it has an account already. Sign in with \
                 it; if you forgot the password, ask for a new one there."
                .to_owned(),
        ],
        link: Some(Link { label: "Sign in", url: links.to(|pages| &pages.sign_in, "") }),
        notes: vec!["If that wasn't you, do nothing: your account stays as it is.".to_owned()],
        why: "You get this mail because someone signed up with your address.".to_owned(),
        ..Letter::default()
    }
}

fn password_changed(at: DateTime<Utc>) -> Letter {
    Letter {
        subject: "Your password was changed".to_owned(),
        says: vec![format!("The password of your account was changed on {}.", instant(at))],
        notes: vec![
            "If that was you, there is nothing to do. If not, ask for a new password where you sign in, at once: \
                 that signs everyone out."
                .to_owned(),
        ],
        why: "You get this mail because it is about the security of your account.".to_owned(),
        ..Letter::default()
    }
}

fn new_device(at: DateTime<Utc>, device: &str, address: Option<&str>) -> Letter {
    let from = address.map(|address| format!(", from the address {address}")).unwrap_or_default();
    Letter {
        subject: "Someone signed in to your account".to_owned(),
        says: vec![format!(
            "Someone signed in to your account from where you haven't before: {device}{from}, on {}.",
            instant(at)
        )],
        notes: vec![
            "If that was you, there is nothing to do. If not, change your password, which ends all other \
                     sign-ins."
                .to_owned(),
        ],
        why: "You get this mail because it is about the security of your account.".to_owned(),
        ..Letter::default()
    }
}

/// A mail that asks for something to be given back.
struct Request {
    subject: &'static str,
    says: &'static str,
    label: &'static str,
    page: fn(&LinkSettings) -> &String,
    note: &'static str,
    why: &'static str,
}

fn asking(links: &Links, way: &Way, request: Request) -> Letter {
    let until = match &way.code {
        Some(_) => format!("Code and link are good once, until {}.", instant(way.until)),
        None => format!("The link is good once, until {}.", instant(way.until)),
    };
    Letter {
        subject: request.subject.to_owned(),
        says: vec![request.says.to_owned()],
        code: way.code.as_ref().map(|code| code.expose_secret().to_owned()),
        link: Some(Link { label: request.label, url: links.to(request.page, way.token.expose_secret()) }),
        notes: vec![until, request.note.to_owned()],
        why: request.why.to_owned(),
    }
}

/// "22 November 2026 at 14:05 UTC".
fn instant(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y at %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_wrote_is_no_link() {
        let shown = harmless("Win a phone: https://win-a-phone.example/claim www.example.org\nLobby");
        for link in ["://w", "phone.example", "www.example", "example.org", "\n"] {
            assert!(!shown.contains(link), "{shown:?}");
        }
        assert_eq!(harmless("Dr. Who & Sons, Ltd."), "Dr. Who & Sons, Ltd.");
    }
}
