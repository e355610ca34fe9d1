//! The media of a backup. Objects are named by their content, so one that an earlier backup has is linked, not copied.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use futures_util::TryStreamExt;
use kernel::media::{Media, ObjectStoreExt, Path as Name};

use super::{files, manifest::Stored};

const FOLDER: &str = "media";
const LIST: &str = "media.list";

/// What a list says of an object.
struct Object {
    hash: String,
    size: u64,
}

/// Copies every object into `backup`, linking those that `earlier` has.
pub async fn copy(media: &Media, backup: &Path, earlier: Option<&Path>) -> anyhow::Result<Stored> {
    let known = earlier.map(read_list).transpose().unwrap_or_default().unwrap_or_default();
    files::make_folder(&backup.join(FOLDER))?;
    let mut objects: Vec<_> = media.list(None).try_collect().await.context("the media can't be listed")?;
    objects.sort_by(|one, other| one.location.cmp(&other.location));
    let mut list = String::new();
    let (mut count, mut total) = (0, 0);
    for object in objects {
        let name = object.location.as_ref();
        let target = place(backup, name);
        let linked = match (known.get(name), earlier) {
            (Some(known), Some(earlier)) if known.size == object.size => link(&place(earlier, name), &target).is_ok(),
            _ => false,
        };
        let hash = match known.get(name) {
            Some(known) if linked => known.hash.clone(),
            _ => match media.get(&object.location).await {
                Ok(found) => {
                    let bytes = found.bytes().await.with_context(|| format!("{name} can't be read"))?;
                    files::write(&target, &bytes)?;
                    files::hash_of(&bytes)
                }
                // Deleted since it was listed: then its row is gone, too.
                Err(error) if is_gone(&error) => continue,
                Err(error) => return Err(error).with_context(|| format!("{name} can't be read")),
            },
        };
        writeln!(list, "{hash} {} {name}", object.size)?;
        count += 1;
        total += object.size;
    }
    files::write(&backup.join(LIST), list.as_bytes())?;
    Ok(Stored { objects: count, bytes: total, list_sha256: files::hash_of(list.as_bytes()) })
}

/// The local store says so by the system's word, others by their own: either is told in the error's text.
fn is_gone(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |cause| cause.source());
    causes.any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|cause| cause.kind() == io::ErrorKind::NotFound)
            || cause.to_string().contains("not found")
    })
}

fn place(backup: &Path, name: &str) -> PathBuf {
    backup.join(FOLDER).join(name)
}

fn link(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        files::make_folder(folder)?;
    }
    fs::hard_link(from, to)
}

fn read_list(backup: &Path) -> anyhow::Result<BTreeMap<String, Object>> {
    let text = fs::read_to_string(backup.join(LIST)).with_context(|| format!("{LIST} can't be read"))?;
    let line = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let (hash, size, name) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
        Some((name.to_owned(), Object { hash: hash.to_owned(), size }))
    };
    text.lines().map(|text| line(text).with_context(|| format!("{LIST} is damaged: {text}"))).collect()
}

/// What is wrong with the media of a backup.
pub async fn faults(backup: &Path, stored: &Stored) -> Vec<String> {
    match files::hash(&backup.join(LIST)).await {
        Ok(hash) if hash == stored.list_sha256 => {}
        Ok(_) => return vec![format!("{LIST} is damaged: its hash is not the one in the manifest")],
        Err(error) => return vec![format!("{LIST} can't be read: {error:#}")],
    }
    let list = match read_list(backup) {
        Ok(list) => list,
        Err(error) => return vec![format!("{error:#}")],
    };
    let mut faults = Vec::new();
    for (name, object) in &list {
        match files::hash(&place(backup, name)).await {
            Ok(hash) if hash == object.hash => {}
            Ok(_) => faults.push(format!("{FOLDER}/{name} is damaged: its hash is not the one in {LIST}")),
            Err(error) => faults.push(format!("{FOLDER}/{name} can't be read: {error:#}")),
        }
    }
    faults
}

/// Puts the objects of a backup into a store; what is there already stays.
pub async fn bring_back(backup: &Path, media: &Media) -> anyhow::Result<usize> {
    let list = read_list(backup)?;
    for name in list.keys() {
        let target = Name::parse(name)?;
        if media.head(&target).await.is_err() {
            let bytes = tokio::fs::read(place(backup, name)).await?;
            media.put(&target, bytes.into()).await.with_context(|| format!("{name} can't be stored"))?;
        }
    }
    Ok(list.len())
}
