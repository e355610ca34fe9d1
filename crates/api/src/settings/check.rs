//! What a configuration of the right shape can still have wrong.

use std::net::IpAddr;

use kernel::proxies::Network;
use secrecy::{ExposeSecret, SecretString};

use crate::program::UNIX;

use super::{GatewayKind, MailTransport, MediaStore, Profile, Settings, SmsTransport};

/// Adds every fault, starting with its key.
pub(super) fn check(settings: &Settings, faults: &mut Vec<String>) {
    let mut require = |sound: bool, fault: &str| {
        if !sound {
            faults.push(fault.to_owned());
        }
    };
    let server = &settings.server;
    let secret = server.secret.expose_secret();
    require(secret.is_empty() || secret.len() >= 32, "server.secret: takes 32 characters or more, or none");
    let long = |former: &SecretString| former.expose_secret().len() >= 32;
    require(server.former_secrets.iter().all(long), "server.former_secrets: each takes 32 characters or more");
    require(
        server.public_url.is_empty()
            || server.public_url.starts_with("https://")
            || server.public_url.starts_with("http://"),
        "server.public_url: starts with https:// or http://",
    );
    require(
        settings.profile == Profile::Development || !server.public_url.is_empty(),
        "server.public_url: is needed in production",
    );
    require((1..=3600).contains(&server.request_seconds), "server.request_seconds: takes 1 to 3600");
    require((1..=86_400).contains(&server.upload_seconds), "server.upload_seconds: takes 1 to 86400");
    require(server.workers <= 1024, "server.workers: takes at most 1024");
    for origin in &server.cors_origins {
        let plain = origin.split_once("://").is_some_and(|(_, host)| !host.is_empty() && !host.contains('/'));
        require(plain, "server.cors_origins: an origin is a scheme and a host, as in https://app.example.com");
    }
    for proxy in &server.trusted_proxies {
        require(
            proxy == UNIX || proxy.parse::<Network>().is_ok(),
            "server.trusted_proxies: takes addresses and networks, as in 192.0.2.7 or 10.0.0.0/8, and unix:",
        );
    }

    let database = &settings.database;
    require(is_postgres(database.url.expose_secret()), "database.url: starts with postgres:// or postgresql://");
    for (name, module) in &database.modules {
        let url = module.url.expose_secret();
        let fault = format!("database.modules.{name}.url: starts with postgres:// or postgresql://");
        require(!url.is_empty() && is_postgres(url), &fault);
    }
    require((1..=1000).contains(&database.max_connections), "database.max_connections: takes 1 to 1000");
    require((1..=300).contains(&database.acquire_seconds), "database.acquire_seconds: takes 1 to 300");

    let directives = settings.log.level.parse::<tracing_subscriber::filter::targets::Targets>();
    require(directives.is_ok(), "log.level: takes trace, debug, info, warn, error, or target=level directives");

    require((1..=1440).contains(&settings.auth.access_minutes), "auth.access_minutes: takes 1 to 1440");
    require((1..=365).contains(&settings.auth.refresh_days), "auth.refresh_days: takes 1 to 365");

    let mail = &settings.mail;
    let smtp = mail.smtp_url.expose_secret();
    let is_smtp = smtp.starts_with("smtp://") || smtp.starts_with("smtps://");
    require(mail.transport == MailTransport::Console || is_smtp, "mail.smtp_url: starts with smtps:// or smtp://");
    for fault in crate::mail::faults_of(&mail.links) {
        require(false, &fault);
    }
    require(mail.from.parse::<lettre::message::Mailbox>().is_ok(), "mail.from: is no mail address");

    let sms = &settings.sms;
    require(sms.transport == SmsTransport::Console || !sms.file.is_empty(), "sms.file: name the file");
    let redis = settings.redis.url.expose_secret();
    let is_redis = ["redis://", "valkey://", "redis+unix://", "unix://"].iter().any(|scheme| redis.starts_with(scheme));
    require(redis.is_empty() || is_redis, "redis.url: starts with redis:// or redis+unix://");
    require(!settings.redis.prefix.is_empty(), "redis.prefix: takes at least one character");

    let closed = |listen: &str| {
        let address = listen.parse().map(|address: std::net::SocketAddr| address.ip());
        address.is_ok_and(|address| match address {
            IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_unspecified(),
            IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unspecified(),
        })
    };
    require(
        settings.metrics.listen.is_empty() || closed(&settings.metrics.listen),
        "metrics.listen: takes a loopback or private address and a port, as in 127.0.0.1:9464",
    );
    for fault in settings.telemetry.faults() {
        require(false, fault);
    }
    require((1..=10_000).contains(&settings.backup.keep), "backup.keep: takes 1 to 10000");

    let s3 = &settings.media.s3;
    let complete = !s3.bucket.is_empty() && !s3.access_key_id.is_empty();
    require(
        settings.media.store == MediaStore::Local || complete,
        "media.s3: needs bucket, access_key_id and secret_access_key",
    );

    let accel = &settings.media.accel;
    let is_folder = accel.starts_with('/') && accel.ends_with('/') && accel.bytes().all(|byte| byte.is_ascii_graphic());
    require(accel.is_empty() || is_folder, "media.accel: begins and ends with a slash, as in /protected-media/");
    require(
        accel.is_empty() || settings.media.store == MediaStore::Local,
        "media.accel: is for the local store; with s3 leave it empty",
    );

    let gallery = &settings.gallery;
    require((1024..=1 << 30).contains(&gallery.max_bytes), "gallery.max_bytes: takes 1024 to 1073741824");
    require((1..=1_000_000_000).contains(&gallery.max_pixels), "gallery.max_pixels: takes 1 to 1000000000");
    require((1..=65_535).contains(&gallery.max_side), "gallery.max_side: takes 1 to 65535");
    require((1..=10_000).contains(&gallery.max_frames), "gallery.max_frames: takes 1 to 10000");
    check_background(settings, &mut require);
    check_billing(settings, faults);
}

fn check_billing(settings: &Settings, faults: &mut Vec<String>) {
    let mut require = |is_met: bool, fault: &str| {
        if !is_met {
            faults.push(fault.to_owned());
        }
    };
    let billing = &settings.billing;
    require(
        settings.profile == Profile::Development || billing.gateway != GatewayKind::Fake,
        "billing.gateway: fake moves no money; production refuses it",
    );
    require((1..=27).contains(&billing.retry_days), "billing.retry_days: takes 1 to 27");
    require(billing.past_due_days >= 1, "billing.past_due_days: takes 1 or more");
    require(
        // Shorter than the shortest period, so that the next is never billed before the last is settled.
        u32::from(billing.past_due_days) + u32::from(billing.grace_days) <= 27,
        "billing.past_due_days, billing.grace_days: take 27 together at most",
    );
}

fn check_background(settings: &Settings, require: &mut impl FnMut(bool, &str)) {
    let (events, jobs) = (&settings.events, &settings.jobs);
    require((1..=1000).contains(&events.streams_per_person), "events.streams_per_person: takes 1 to 1000");
    require((1..=1_000_000).contains(&events.streams), "events.streams: takes 1 to 1000000");
    require((1..=300).contains(&events.heartbeat_seconds), "events.heartbeat_seconds: takes 1 to 300");
    require((1..=64).contains(&jobs.parallelism), "jobs.parallelism: takes 1 to 64");
    require((1..=100).contains(&jobs.attempts), "jobs.attempts: takes 1 to 100");
}

fn is_postgres(url: &str) -> bool {
    url.is_empty() || url.starts_with("postgres://") || url.starts_with("postgresql://")
}
