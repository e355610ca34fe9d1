//! The checks, one after the other. What one finds keeps no other from being made.

use std::time::Duration;

use kernel::{
    clock::Clock,
    media::{Media, ObjectStoreExt, Path as Name},
};
use secrecy::ExposeSecret;

use super::{Finding, database, machine, tools};
use crate::{
    adapters,
    backup::Shelf,
    data_folder,
    settings::{MailTransport, Profile, Settings},
};

/// How long something that is asked over the network gets.
const PATIENCE: Duration = Duration::from_secs(10);
/// A backup a night, and one that may fail.
const BACKUP_AGE: chrono::Duration = chrono::Duration::hours(50);

/// Looks over everything that the configuration names.
pub async fn look_over(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    let data_dir = match data_folder::prepare(&settings.data_dir) {
        Ok(folder) => folder,
        Err(error) => {
            let found = format!("{} can't be used: {error}", settings.data_dir.display());
            let mend = "let the account that runs Lobby own `data_dir`, on a disk that can be written";
            return vec![Finding::failed("data folder", found, mend)];
        }
    };
    let mut findings = vec![machine::space(&data_dir)];
    findings.extend(database::look_over(settings, &data_dir, clock).await);
    findings.push(match adapters::media::media(&settings.media, &data_dir) {
        Ok(media) => storage(&media).await,
        Err(error) => Finding::failed("storage", format!("{error:#}"), STORAGE_MEND),
    });
    findings.push(mail(settings).await);
    findings.push(redis(settings).await);
    findings.push(backups(&Shelf::new(settings, &data_dir), clock));
    findings.push(tools::certificate(&settings.doctor.certificate).await);
    findings.push(tools::unit().await);
    findings.push(tools::nginx().await);
    findings
}

const STORAGE_MEND: &str =
    "see [media]: the folder `media` in `data_dir` must be writable, or the bucket reachable with its keys";

/// Writes, reads and deletes an object.
async fn storage(media: &Media) -> Finding {
    let name = Name::from(format!("doctor/{}", uuid::Uuid::now_v7()));
    let tried = async {
        media.put(&name, "a sample".into()).await.map_err(|error| format!("nothing can be written: {error}"))?;
        let read = match media.get(&name).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        let deleted = media.delete(&name).await;
        let read = read.map_err(|error| format!("what was written can't be read: {error}"))?;
        if &read[..] != b"a sample" {
            return Err("what was read is not what was written".to_owned());
        }
        deleted.map_err(|error| format!("nothing can be deleted: {error}"))
    };
    match tokio::time::timeout(PATIENCE, tried).await {
        Ok(Ok(())) => Finding::ok("storage", "an object was written, read and deleted"),
        Ok(Err(found)) => Finding::failed("storage", found, STORAGE_MEND),
        Err(_) => Finding::failed("storage", "it does not answer", STORAGE_MEND),
    }
}

async fn mail(settings: &Settings) -> Finding {
    if settings.mail.transport == MailTransport::Console {
        if settings.profile == Profile::Production {
            let mend = "name a mail server in [mail]; without one nobody can choose a new password or be invited";
            return Finding::warning("mail", "mail is sent to nobody (mail.transport)", mend);
        }
        return Finding::skipped("mail", "mail is printed to the log (mail.transport)");
    }
    let mend =
        "see [mail]: address, port, TLS and password of mail.smtp_url; mail waits meanwhile, for up to four days";
    match tokio::time::timeout(PATIENCE, adapters::mail::reachable(&settings.mail)).await {
        Ok(Ok(true)) => Finding::ok("mail", "the mail server takes calls"),
        Ok(Ok(false)) => Finding::failed("mail", "the mail server does not answer as one", mend),
        Ok(Err(error)) => Finding::failed("mail", format!("the mail server can't be reached: {error:#}"), mend),
        Err(_) => Finding::failed("mail", "the mail server does not answer", mend),
    }
}

async fn redis(settings: &Settings) -> Finding {
    let url = settings.redis.url.expose_secret();
    if url.is_empty() {
        return Finding::skipped("redis", "none is configured, and none is needed");
    }
    let mend = "see [redis]: start the server, or leave redis.url empty; phone numbers can't be confirmed meanwhile";
    let asked = async {
        let mut connection = redis::Client::open(url)?.get_multiplexed_async_connection().await?;
        redis::cmd("PING").query_async::<String>(&mut connection).await
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(_)) => Finding::ok("redis", "it answers"),
        Ok(Err(error)) => Finding::failed("redis", format!("it can't be reached: {error}"), mend),
        Err(_) => Finding::failed("redis", "it does not answer", mend),
    }
}

fn backups(shelf: &Shelf, clock: &Clock) -> Finding {
    let mend = "run `lobby backup create --verify`; systemd: systemctl enable --now lobby-backup.timer";
    match shelf.last_verified() {
        None => Finding::warning("backup", "there is no backup that was verified", mend),
        Some(made) if clock.now() - made > BACKUP_AGE => {
            let found = format!("the newest backup that was verified was made {}", made.to_rfc3339());
            Finding::warning("backup", found, mend)
        }
        Some(made) => Finding::ok("backup", format!("verified, made {}", made.to_rfc3339())),
    }
}
