//! `lobby media check` and `lobby media sweep`

use anyhow::bail;
use chrono::Duration;
use clap::Args;
use kernel::clock::Clock;

use super::say;
use crate::{adapters::media::leftovers, services::Services, settings::Settings};

/// Looks for images without their objects, objects that are not what was stored, and objects that no image has.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Compare sizes only, instead of reading every file as it was uploaded and comparing its hash.
    #[arg(long)]
    quick: bool,
}

impl Check {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let (services, servers) = Services::start(&settings, Clock::system()).await?;
        let found = services.images.keeping().check(!self.quick).await;
        services.stop().await;
        servers.stop().await;
        let found = found?;
        say(format!("{} images, {} objects, {} bytes", found.images, found.objects, found.bytes));
        if found.defects.is_empty() {
            return Ok(());
        }
        let told: Vec<String> = found.defects.iter().map(ToString::to_string).collect();
        bail!("not everything is as it should be:\n  {}", told.join("\n  "))
    }
}

/// Removes objects that no image has. Safe while instances serve: none loses what it stores.
#[derive(Debug, Args)]
pub(super) struct Sweep {
    /// Only what is at least so old, as in 90s, 30m, 24h or 7d.
    #[arg(long, value_name = "AGE", default_value = "24h", value_parser = age)]
    older_than: Duration,
}

fn age(text: &str) -> Result<Duration, String> {
    let expected = "it is a number with s, m, h or d, as in 24h";
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or(expected)?;
    let number: i64 = number.parse::<u32>().map_err(|_| expected)?.into();
    let made = match unit {
        "s" => Duration::try_seconds(number),
        "m" => Duration::try_minutes(number),
        "h" => Duration::try_hours(number),
        "d" => Duration::try_days(number),
        _ => None,
    };
    made.filter(|age| *age <= Duration::days(36_500)).ok_or_else(|| expected.to_owned())
}

impl Sweep {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let clock = Clock::system();
        let (services, servers) = Services::start(&settings, clock.clone()).await?;
        let swept = services.images.keeping().sweep(self.older_than).await;
        services.stop().await;
        servers.stop().await;
        let swept = swept?;
        say(format!("removed {} objects of {} bytes", swept.objects, swept.bytes));
        let files = leftovers(&settings, clock.now() - self.older_than)?;
        if files > 0 {
            say(format!("removed {files} files that were never finished"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_a_number_with_its_unit() {
        assert_eq!(age("90s").unwrap(), Duration::seconds(90));
        assert_eq!(age("7d").unwrap(), Duration::days(7));
        for wrong in ["", "h", "24", "-1h", "1w", "9999999d", "1.5h", "1µ"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}
