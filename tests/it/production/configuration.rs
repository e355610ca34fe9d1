//! What is shipped for service managers and nginx is sound by their own tools' judgement.

use std::process::Command;

use tempfile::TempDir;

use super::nginx::{lay_out, nginx, program, root};

/// systemd's own tool; says so loudly where there is none.
fn systemd_analyze(arguments: &[&str]) -> Option<(bool, String)> {
    match Command::new("systemd-analyze").args(arguments).output() {
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
        }
        Err(_) => {
            println!("!!! SKIPPED: WITHOUT SYSTEMD-ANALYZE THE UNITS ARE NOT LOOKED OVER !!!");
            None
        }
    }
}

fn unit(name: &str) -> String {
    std::fs::read_to_string(root().join("deploy/systemd").join(name)).unwrap()
}

#[test]
fn the_services_are_exposed_to_next_to_nothing() {
    for name in ["lobby.service", "lobby-backup.service"] {
        let path = root().join("deploy/systemd").join(name);
        // On systemd's scale of 0 to 10, ten times: at most 1.0.
        let arguments = ["security", "--no-pager", "--offline=true", "--threshold=10", path.to_str().unwrap()];
        let Some((sound, said)) = systemd_analyze(&arguments) else { return };
        assert!(sound, "{name}: {}", said.lines().last().unwrap_or_default());
        // The same judgement of a service that may do everything: it does judge.
        let folder = TempDir::new().unwrap();
        let open = folder.path().join(name);
        std::fs::write(&open, "[Service]\nExecStart=/bin/true\n").unwrap();
        let arguments = ["security", "--no-pager", "--offline=true", "--threshold=10", open.to_str().unwrap()];
        assert!(!systemd_analyze(&arguments).unwrap().0);
    }
}

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    let folder = TempDir::new().unwrap();
    let names = ["lobby.service", "lobby.socket", "lobby-backup.service", "lobby-backup.timer"];
    // Lobby isn't installed here, so another program stands in for it.
    let paths = names.map(|name| {
        let path = folder.path().join(name);
        std::fs::write(&path, unit(name).replace("/usr/bin/lobby", "/bin/true")).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let arguments: Vec<&str> = ["verify", "--man=no"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    let Some((sound, said)) = systemd_analyze(&arguments) else { return };
    let about_ours: Vec<&str> = said.lines().filter(|line| line.contains("lobby")).collect();
    assert!(sound && about_ours.is_empty(), "{said}");
}

#[test]
fn both_services_are_held_to_the_same() {
    let hardening = |name: &str| -> Vec<String> {
        let text = unit(name);
        let (_, rest) = text.split_once("# What it may not do.").unwrap();
        rest.lines().skip(1).take_while(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let service = hardening("lobby.service");
    assert!(service.len() > 25);
    assert_eq!(service, hardening("lobby-backup.service"));
}

#[test]
fn nginx_takes_the_configuration_and_gixy_finds_nothing_in_it() {
    let Some(nginx) = nginx() else { return };
    let folder = TempDir::new().unwrap();
    let socket = folder.path().join("lobby.sock");
    let file = lay_out(folder.path(), &socket, (8443, 8080), &[]);
    let arguments = ["-t", "-p", folder.path().to_str().unwrap(), "-c", file.to_str().unwrap()];
    let output = Command::new(nginx).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let Some(gixy) = program("nginx", &["--gixy"]) else {
        println!("!!! SKIPPED: WITHOUT GIXY THE CONFIGURATION IS NOT LOOKED OVER !!!");
        return;
    };
    let look = |file: &std::path::Path| {
        let output = Command::new(&gixy).args(["-f", "json", file.to_str().unwrap()]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(look(&file), "[]");
    // It does look: a location that lets a client choose the upstream is found.
    let open = folder.path().join("open.conf");
    std::fs::write(&open, "events {}\nhttp { server { location / { proxy_pass http://$arg_host; } } }\n").unwrap();
    assert!(look(&open).contains("ssrf"), "{}", look(&open));
}

/// A tool that looks over a part of `deploy/`; says so loudly where it can't be had.
fn tool(name: &str) -> Option<std::path::PathBuf> {
    let found = program("deploy-tools", &[name]);
    if found.is_none() {
        println!("!!! SKIPPED: WITHOUT {} A PART OF deploy/ IS NOT LOOKED OVER !!!", name.to_uppercase());
    }
    found
}

#[test]
fn the_alerts_fire_when_they_should_and_not_before() {
    let Some(promtool) = tool("promtool") else { return };
    for arguments in [&["check", "rules", "lobby.rules.yml"][..], &["test", "rules", "lobby.rules.test.yml"]] {
        let mut command = Command::new(&promtool);
        let output = command.args(arguments).current_dir(root().join("deploy/prometheus")).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said));
    }
}

#[test]
fn alerts_and_dashboard_name_numbers_that_are_told() {
    let metrics = root().join("crates/api/src/metrics");
    let told = ["caches.rs", "exporter.rs", "requests.rs"];
    let told: String = told.map(|file| std::fs::read_to_string(metrics.join(file)).unwrap()).concat();
    let dashboard = std::fs::read_to_string(root().join("deploy/grafana/lobby.json")).unwrap();
    serde_json::from_str::<serde_json::Value>(&dashboard).unwrap();
    let rules = std::fs::read_to_string(root().join("deploy/prometheus/lobby.rules.yml")).unwrap();
    let mut named = 0;
    for text in [&dashboard, &rules] {
        for (at, _) in text.match_indices("lobby_") {
            let rest = &text[at..];
            let end = rest.find(|letter: char| !letter.is_ascii_lowercase() && letter != '_').unwrap_or(rest.len());
            let parts = ["_bucket", "_sum", "_count"];
            let name = parts.iter().fold(&rest[..end], |name, part| name.strip_suffix(part).unwrap_or(name));
            assert!(told.contains(&format!("\"{name}\"")), "nobody tells {name}");
            named += 1;
        }
    }
    assert!(named > 20);
}

#[test]
fn the_image_is_built_as_its_judge_would_have_it() {
    let Some(hadolint) = tool("hadolint") else { return };
    let output = Command::new(hadolint).arg(root().join("deploy/docker/Dockerfile")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn nginx_in_the_container_is_told_the_same() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let lines = |text: String| -> Vec<String> {
        let plain = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        plain.map(|line| line.replace("/etc/nginx/tls/", "/etc/letsencrypt/live/lobby.example.com/")).collect()
    };
    let contained = lines(read("deploy/docker/nginx.conf").replace("lobby:8080", "unix:/run/lobby/lobby.sock"));
    let mut shipped = lines(read("deploy/nginx/lobby.conf"));
    let media = shipped.iter().position(|line| line.contains("/protected-media/")).unwrap();
    let end = media + shipped[media..].iter().position(|line| line == "}").unwrap();
    shipped.drain(media..=end);
    assert_eq!(contained, shipped);
}
