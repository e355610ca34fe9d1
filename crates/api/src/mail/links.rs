//! Where the links in mails lead: pages of the application that people use, by configuration.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
};

use crate::settings::{LinkSettings, Settings};

/// Makes links.
#[derive(Clone, Debug)]
pub struct Links {
    pages: LinkSettings,
    public_url: String,
    /// Where the server listens, which stands in for an address that isn't configured.
    listens: Arc<OnceLock<SocketAddr>>,
    listen: Option<SocketAddr>,
}

impl Links {
    /// The links that are configured.
    pub fn new(settings: &Settings) -> Self {
        Self {
            pages: settings.mail.links.clone(),
            public_url: settings.server.public_url.trim_end_matches('/').to_owned(),
            listens: Arc::default(),
            listen: settings.server.listen.address(),
        }
    }

    /// Where the server came to listen, which may be a port that was free.
    pub fn listening(&self, address: SocketAddr) {
        let _ = self.listens.set(address);
    }

    /// The address that people use.
    fn base(&self) -> String {
        if !self.public_url.is_empty() {
            return self.public_url.clone();
        }
        // On a unix socket nobody can say what people type; whoever runs it so configures `server.public_url`.
        let Some(address) = self.listens.get().copied().or(self.listen) else { return "http://localhost".to_owned() };
        match address.ip() {
            ip if ip.is_unspecified() => format!("http://localhost:{}", address.port()),
            IpAddr::V6(ip) => format!("http://[{ip}]:{}", address.port()),
            IpAddr::V4(ip) => format!("http://{ip}:{}", address.port()),
        }
    }

    /// The page with the token filled in. A token is base64url, which no part of an address has to escape.
    pub(super) fn to(&self, page: impl Fn(&LinkSettings) -> &String, token: &str) -> String {
        page(&self.pages).replace("{public_url}", &self.base()).replace("{token}", token)
    }
}

/// What is wrong with the pages, by key.
pub fn faults_of(pages: &LinkSettings) -> Vec<String> {
    let LinkSettings { reset_password, set_password, verify_email, undo_email, accept_invitation, sign_in } = pages;
    let with_token = [
        ("reset_password", reset_password),
        ("set_password", set_password),
        ("verify_email", verify_email),
        ("undo_email", undo_email),
        ("accept_invitation", accept_invitation),
    ];
    let mut faults = Vec::new();
    for (name, page) in with_token.into_iter().chain([("sign_in", sign_in)]) {
        let starts = ["{public_url}", "https://", "http://"].iter().any(|start| page.starts_with(start));
        let plain = page.replace("{public_url}", "").replace("{token}", "");
        if !starts || plain.contains(['{', '}', ' ', '"', '<', '>']) || page.chars().any(char::is_control) {
            faults.push(format!(
                "mail.links.{name}: takes an address that starts with {{public_url}}, https:// or http://"
            ));
        } else if name != "sign_in" && page.matches("{token}").count() != 1 {
            faults.push(format!("mail.links.{name}: takes {{token}} once"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn links(variables: &[(&str, &str)]) -> Links {
        let variables = variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Links::new(&crate::settings::load(None, variables.collect::<HashMap<_, _>>()).unwrap())
    }

    #[test]
    fn links_are_made_from_the_public_address_or_from_where_it_listens() {
        let page = |pages: &LinkSettings| -> String { pages.reset_password.clone() };
        assert_eq!(page(&links(&[]).pages), "{public_url}/reset-password#token={token}");
        let public = links(&[("LOBBY__SERVER__PUBLIC_URL", "https://lobby.example/")]);
        assert_eq!(public.to(|pages| &pages.reset_password, "t"), "https://lobby.example/reset-password#token=t");

        let local = links(&[("LOBBY__SERVER__LISTEN", "0.0.0.0:0")]);
        local.listening("0.0.0.0:4711".parse().unwrap());
        assert_eq!(local.to(|pages| &pages.sign_in, ""), "http://localhost:4711/sign-in");
        let elsewhere = links(&[("LOBBY__MAIL__LINKS__UNDO_EMAIL", "https://app.example/undo?t={token}")]);
        assert_eq!(elsewhere.to(|pages| &pages.undo_email, "t"), "https://app.example/undo?t=t");
    }

    #[test]
    fn a_page_that_cannot_carry_the_token_is_a_fault() {
        for wrong in
            ["{public_url}/reset", "reset?{token}", "{public_url}/{token}/{token}", "{base}/{token}", "ftp://x/{token}"]
        {
            let variables = HashMap::from([("LOBBY__MAIL__LINKS__RESET_PASSWORD".to_owned(), wrong.to_owned())]);
            let faults = crate::settings::load(None, variables).unwrap_err().0;
            assert!(faults.iter().all(|fault| fault.starts_with("mail.links.reset_password")), "{wrong}: {faults:?}");
        }
    }
}
