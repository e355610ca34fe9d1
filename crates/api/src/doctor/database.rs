//! The databases: whether they answer, have the schema, agree about the time, and are copied where they should be.

use std::{path::Path, time::Duration};

use kernel::{clock::Clock, db::Databases};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use super::Finding;
use crate::{database::Servers, settings::Settings};

const CHECK: &str = "database";
const MEND: &str = "start PostgreSQL, and see [database]: address, name, user and password of database.url";
/// Seconds that the machine's clock and the database's may differ.
const APART: f64 = 2.0;
/// Bytes that a replica may be behind: some seconds of a busy day.
const BEHIND: i64 = 64 << 20;
/// How long one database gets to answer, and how long everything that is asked of all.
const PATIENCE: Duration = Duration::from_secs(15);
const ALTOGETHER: Duration = Duration::from_secs(90);

#[derive(FromQueryResult)]
struct Facts {
    version: String,
    is_standby: bool,
    epoch: f64,
    replicas: i64,
    behind: i64,
}

const FACTS: &str = "SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS is_standby, \
    extract(epoch FROM clock_timestamp())::float8 AS epoch, \
    (SELECT count(*) FROM pg_stat_replication WHERE application_name <> 'pg_basebackup') AS replicas, \
    (SELECT coalesce(max(CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) END), 0) \
        FROM pg_stat_replication)::bigint AS behind";

/// Looks at each database.
pub async fn look_over(settings: &Settings, data_dir: &Path, clock: &Clock) -> Vec<Finding> {
    let servers = match Servers::start(&settings.database, data_dir).await {
        Ok(servers) => servers,
        Err(error) => return vec![Finding::failed(CHECK, format!("the private PostgreSQL: {error:#}"), MEND)],
    };
    let looked = tokio::time::timeout(ALTOGETHER, look_at(&servers, clock)).await;
    servers.stop().await;
    looked.unwrap_or_else(|_| {
        let found = format!("not all was answered within {} seconds", ALTOGETHER.as_secs());
        vec![Finding::failed(CHECK, found, MEND)]
    })
}

async fn look_at(servers: &Servers, clock: &Clock) -> Vec<Finding> {
    let databases = match servers.open_whole().await {
        Ok(databases) => databases,
        Err(error) => return vec![Finding::failed(CHECK, format!("{error:#}"), MEND)],
    };
    let mut findings = Vec::new();
    for place in servers.places() {
        let whose = place.modules.join(", ");
        match tokio::time::timeout(PATIENCE, facts(&databases, place.modules[0])).await {
            Ok(Ok(facts)) => findings.extend(judged(&whose, &facts, clock)),
            Ok(Err(error)) => {
                findings.push(Finding::failed(CHECK, format!("that of {whose} can't be reached: {error}"), MEND));
            }
            Err(_) => findings.push(Finding::failed(CHECK, format!("that of {whose} does not answer"), MEND)),
        }
    }
    databases.close().await;
    let is_there = findings.iter().all(|finding| finding.check != CHECK || finding.state != super::State::Failed);
    if is_there {
        findings.push(schema(servers).await);
    }
    findings
}

async fn facts(databases: &Databases, module: &'static str) -> Result<Facts, DbErr> {
    let seen = databases.snapshot(module, "doctor").await?;
    let row = seen.query_one_raw(Statement::from_string(DbBackend::Postgres, FACTS)).await?;
    let row = row.ok_or_else(|| DbErr::Custom("no answer".to_owned()))?;
    Facts::from_query_result(&row, "")
}

fn judged(whose: &str, facts: &Facts, clock: &Clock) -> Vec<Finding> {
    if facts.is_standby {
        let found = format!("that of {whose} is a standby, which takes no writes");
        return vec![Finding::failed(CHECK, found, "name the primary in database.url, or promote this one")];
    }
    let mut findings = vec![Finding::ok(CHECK, format!("PostgreSQL {} answers for {whose}", facts.version))];
    let apart = ((clock.now() - chrono::DateTime::UNIX_EPOCH).as_seconds_f64() - facts.epoch).abs();
    findings.push(if apart > APART {
        let found = format!("this machine and the database of {whose} are {apart:.1} seconds apart");
        Finding::failed("clock", found, "run a time service (chrony, systemd-timesyncd) on both machines")
    } else {
        Finding::ok("clock", format!("{:.0} milliseconds apart", apart * 1000.0))
    });
    findings.push(match (facts.replicas, facts.behind) {
        (0, _) => Finding::skipped("replication", "no replica is connected"),
        (count, behind) if behind > BEHIND => {
            let found = format!("of {count} replicas one is {} MiB behind", behind >> 20);
            Finding::warning("replication", found, "look at the replica's log, disk and network")
        }
        (count, _) => Finding::ok("replication", format!("{count} replicas keep up")),
    });
    findings
}

async fn schema(servers: &Servers) -> Finding {
    let check = "schema";
    let mend = "run `lobby migrate` (what it would do: `lobby migrate --plan`)";
    match servers.plan().await {
        Ok(steps) if steps.is_empty() => Finding::ok(check, "it is up to date"),
        Ok(steps) => {
            let names: Vec<_> = steps.iter().take(3).map(|step| step.name.as_str()).collect();
            let more = if steps.len() > names.len() { ", …" } else { "" };
            Finding::failed(check, format!("{} steps are missing: {}{more}", steps.len(), names.join(", ")), mend)
        }
        Err(error) => Finding::failed(check, format!("it can't be looked at: {error:#}"), mend),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::State, *};

    fn facts(clock: &Clock) -> Facts {
        let epoch = (clock.now() - chrono::DateTime::UNIX_EPOCH).as_seconds_f64();
        Facts { version: "15".to_owned(), is_standby: false, epoch, replicas: 0, behind: 0 }
    }

    fn states(facts: &Facts, clock: &Clock) -> Vec<State> {
        judged("x", facts, clock).iter().map(|finding| finding.state).collect()
    }

    #[test]
    fn a_standby_a_wrong_clock_and_a_slow_replica_are_told() {
        let clock = Clock::system();
        assert_eq!(states(&facts(&clock), &clock), [State::Ok, State::Ok, State::Skipped]);
        assert_eq!(states(&Facts { is_standby: true, ..facts(&clock) }, &clock), [State::Failed]);
        let slow = Facts { replicas: 2, behind: BEHIND + 1, ..facts(&clock) };
        assert_eq!(states(&slow, &clock), [State::Ok, State::Ok, State::Warning]);
        let then = facts(&clock);
        clock.advance(chrono::Duration::seconds(10));
        assert_eq!(states(&then, &clock), [State::Ok, State::Failed, State::Skipped]);
    }
}
