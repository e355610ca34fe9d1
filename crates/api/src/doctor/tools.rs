//! What the tools of the system say: about the certificate, the unit, and nginx; where there are such.

use std::{path::Path, time::Duration};

use tokio::process::Command;

use super::Finding;

/// Days that a certificate should still have: renewed by now, if renewing works.
const RENEWED: u32 = 14;
/// Where packages and people put units.
const UNITS: [&str; 3] =
    ["/etc/systemd/system/lobby.service", "/usr/lib/systemd/system/lobby.service", "/lib/systemd/system/lobby.service"];
/// Where nginx's configuration of Lobby is.
const SITES: [&str; 3] =
    ["/etc/nginx/conf.d/lobby.conf", "/etc/nginx/sites-enabled/lobby.conf", "/etc/nginx/sites-enabled/lobby"];

/// How long a program gets.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a program said, and whether all went well; none where there is no such program, or none that comes to an end.
async fn ask(program: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(std::process::Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.output()).await.ok()?.ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).trim().to_owned()))
}

/// When the certificate of the server in front ends.
pub async fn certificate(path: &str) -> Finding {
    let check = "certificate";
    if path.is_empty() {
        return Finding::skipped(check, "none is named in doctor.certificate");
    }
    let mend = "renew it (certbot renew), and let nginx read it again (nginx -s reload)";
    let Some((readable, ends)) = ask("openssl", &["x509", "-in", path, "-noout", "-enddate"]).await else {
        return Finding::skipped(check, "openssl isn't here to read it with");
    };
    if !readable {
        return Finding::failed(
            check,
            format!("{path} can't be read: {ends}"),
            "name a certificate (PEM) in doctor.certificate",
        );
    }
    let ends = ends.trim_start_matches("notAfter=").to_owned();
    let lasts = async |seconds: u32| {
        ask("openssl", &["x509", "-in", path, "-noout", "-checkend", &seconds.to_string()])
            .await
            .is_some_and(|(lasts, _)| lasts)
    };
    if !lasts(0).await {
        Finding::failed(check, format!("it ended {ends}"), mend)
    } else if !lasts(RENEWED * 86_400).await {
        Finding::warning(check, format!("it ends {ends}, in less than {RENEWED} days"), mend)
    } else {
        Finding::ok(check, format!("it ends {ends}"))
    }
}

/// How much the unit that is installed lays open.
pub async fn unit() -> Finding {
    let check = "service unit";
    let Some(unit) = UNITS.into_iter().find(|unit| Path::new(unit).is_file()) else {
        return Finding::skipped(check, "no lobby.service is installed");
    };
    let arguments = ["security", "--no-pager", "--offline=true", "--threshold=10", unit];
    match ask("systemd-analyze", &arguments).await {
        None => Finding::skipped(check, "systemd-analyze isn't here"),
        Some((sound, said)) => {
            let score = said.lines().last().unwrap_or_default().trim_start_matches(['→', ' ']).to_owned();
            let mend = "compare it with deploy/systemd/lobby.service; systemd-analyze security names each line";
            if sound { Finding::ok(check, score) } else { Finding::warning(check, score, mend) }
        }
    }
}

/// Whether nginx takes its configuration.
pub async fn nginx() -> Finding {
    let check = "nginx";
    if !SITES.iter().any(|site| Path::new(site).exists()) {
        return Finding::skipped(check, "no configuration of Lobby is in /etc/nginx");
    }
    if !nix::unistd::geteuid().is_root() {
        return Finding::skipped(check, "only root can test its configuration (nginx -t)");
    }
    match ask("nginx", &["-t", "-q"]).await {
        None => Finding::skipped(check, "nginx isn't in PATH"),
        Some((true, _)) => Finding::ok(check, "it takes its configuration"),
        Some((false, said)) => Finding::failed(check, said, "mend what nginx names, then: nginx -s reload"),
    }
}
