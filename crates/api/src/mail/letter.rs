//! A letter as it is laid out: the one layout that all have, as text and as HTML.

use askama::Template;
use kernel::mail::Mail;

/// What is in a letter. HTML escapes all of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Letter {
    pub(super) subject: String,
    pub(super) says: Vec<String>,
    pub(super) code: Option<String>,
    pub(super) link: Option<Link>,
    pub(super) notes: Vec<String>,
    /// Why one gets it.
    pub(super) why: String,
}

/// Where to go on.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) label: &'static str,
    pub(super) url: String,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct AsText<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct AsHtml<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// The letter as a mail to `to`. `id` is by what a repetition is known.
    pub(super) fn mail(&self, id: Option<String>, to: String) -> Result<Mail, askama::Error> {
        let text = AsText { letter: self }.render()?;
        let html = AsHtml { letter: self }.render()?;
        Ok(Mail { id, to, subject: self.subject.clone(), text, html: Some(html) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_escaped_and_text_is_not() {
        let link = Link { label: "Go on", url: "https://x.example/\"><script>alert(1)</script>".to_owned() };
        let letter = Letter {
            subject: "You & <b>me</b>".to_owned(),
            says: vec!["<img src=x onerror=alert(1)>".to_owned()],
            link: Some(link),
            why: "</p><script>".to_owned(),
            ..Letter::default()
        };
        let mail = letter.mail(None, "ada@example.org".to_owned()).unwrap();
        let html = mail.html.unwrap();
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"), "{html}");
        assert!(!html.contains("example/\">"), "{html}");
        assert!(mail.text.contains("<img src=x onerror=alert(1)>"));
    }
}
