//! Looking after the objects: whether each image has its own and they are whole, and which of them no image has.

use std::{collections::HashMap, fmt};

use chrono::{DateTime, Duration, Utc};
use futures_util::TryStreamExt;
use kernel::{clock::Clock, db::System, ids::ImageId};
use sha2::{Digest, Sha256};

use crate::{
    Schema,
    actions::ImageRow,
    error::GalleryError,
    service::{Asked, Content},
    storage::{Kept, Pictures, Place, Variant},
    store,
};

/// Rows and objects that are asked about at a time.
const AT_ONCE: usize = 500;

/// What is wrong with an image's objects, or with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defect {
    /// The image's object isn't there.
    Missing(ImageId, String),
    /// The object has not the bytes that were stored.
    Damaged(ImageId, String),
    /// No image has the object. It may be an upload on its way.
    Unused(String),
    /// Nothing that the gallery put there.
    Strange(String),
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(image, object) => write!(f, "missing: {object} of image {image}"),
            Self::Damaged(image, object) => write!(f, "damaged: {object} of image {image}"),
            Self::Unused(object) => write!(f, "unused: {object}"),
            Self::Strange(object) => write!(f, "strange: {object}"),
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Images that were looked at.
    pub images: u64,
    /// Objects that are there.
    pub objects: u64,
    /// Bytes that they have.
    pub bytes: u64,
    /// What is wrong.
    pub defects: Vec<Defect>,
}

/// What a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Objects.
    pub objects: u64,
    /// Bytes that they had.
    pub bytes: u64,
}

/// What looks after the objects.
#[derive(Clone)]
pub struct Keeping {
    pictures: Pictures,
    system: System<Schema>,
    clock: Clock,
}

impl fmt::Debug for Keeping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeping")
    }
}

impl Keeping {
    pub(crate) fn new(pictures: Pictures, system: System<Schema>, clock: Clock) -> Self {
        Self { pictures, system, clock }
    }

    /// Looks at every image's objects, and at every object. With `reads`, the files as they were uploaded are read and
    /// held against their hash; otherwise sizes are compared.
    pub async fn check(&self, reads: bool) -> Result<Found, GalleryError> {
        let mut found = Found::default();
        let mut after = None;
        loop {
            let rows = store::content::after(&self.system.db(), after, AT_ONCE as u64).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in &rows {
                found.images += 1;
                self.check_image(row, reads, &mut found.defects).await?;
            }
        }
        let mut objects = self.pictures.all().try_chunks(AT_ONCE);
        while let Some(chunk) = objects.try_next().await.map_err(|error| error.1)? {
            found.objects += chunk.len() as u64;
            found.bytes += chunk.iter().map(|kept| kept.bytes).sum::<u64>();
            for kept in self.unused(chunk).await? {
                let path = kept.path.to_string();
                found.defects.push(if kept.place.is_some() { Defect::Unused(path) } else { Defect::Strange(path) });
            }
        }
        Ok(found)
    }

    async fn check_image(&self, row: &ImageRow, reads: bool, defects: &mut Vec<Defect>) -> Result<(), GalleryError> {
        let Some(place) = row.place() else { return Ok(()) };
        let mut wrong = Vec::new();
        for variant in Variant::ALL {
            let stored = Content::of(row, Asked::One(variant), false).length();
            // An image from before a variant has none of it.
            if stored == 0 {
                continue;
            }
            let object = place.object(variant).to_string();
            match self.pictures.size(&place, variant).await? {
                None => wrong.push(Defect::Missing(row.id, object)),
                Some(size) if size != stored => wrong.push(Defect::Damaged(row.id, object)),
                Some(_) if reads && variant == Variant::Original && !self.is_whole(&place).await? => {
                    wrong.push(Defect::Damaged(row.id, object));
                }
                Some(_) => {}
            }
        }
        // Deleted while it was looked at: then nothing is wrong.
        if !wrong.is_empty() && store::content::used(&self.system.db(), &[place]).await?.contains(&place) {
            defects.append(&mut wrong);
        }
        Ok(())
    }

    async fn is_whole(&self, place: &Place) -> Result<bool, GalleryError> {
        let outgoing = match self.pictures.get(place, Variant::Original, None).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            outgoing => outgoing?,
        };
        let hash = outgoing.stream.try_fold(Sha256::new(), async |hash, bytes| Ok(hash.chain_update(&bytes))).await?;
        Ok(hash.finalize().as_slice() == place.hash())
    }

    /// Those of these objects that no image has.
    async fn unused(&self, objects: Vec<Kept>) -> Result<Vec<Kept>, GalleryError> {
        let mut places: Vec<Place> = objects.iter().filter_map(|kept| kept.place).collect();
        places.dedup();
        let used = if places.is_empty() {
            std::collections::HashSet::new()
        } else {
            store::content::used(&self.system.db(), &places).await?
        };
        Ok(objects.into_iter().filter(|kept| kept.place.is_none_or(|place| !used.contains(&place))).collect())
    }

    /// Removes objects that no image has and that are older than `grace`. Whether one has is asked again under the lock
    /// that every upload of this content takes, so that none loses what it stored.
    pub async fn sweep(&self, grace: Duration) -> Result<Swept, GalleryError> {
        let before: DateTime<Utc> = self.clock.now() - grace;
        let mut swept = Swept::default();
        let mut objects = self.pictures.all().try_chunks(AT_ONCE);
        while let Some(chunk) = objects.try_next().await.map_err(|error| error.1)? {
            let mut unused: HashMap<Place, Vec<Kept>> = HashMap::new();
            for kept in self.unused(chunk).await? {
                if let (Some(place), true) = (kept.place, kept.at <= before) {
                    unused.entry(place).or_default().push(kept);
                }
            }
            for (place, kept) in unused {
                let removed = self.remove(&place, &kept).await?;
                swept.objects += removed.objects;
                swept.bytes += removed.bytes;
            }
        }
        Ok(swept)
    }

    async fn remove(&self, place: &Place, objects: &[Kept]) -> Result<Swept, GalleryError> {
        let mut swept = Swept::default();
        let tx = self.system.begin().await?;
        store::content::lock(&tx, place).await?;
        if store::content::used(&tx, &[*place]).await?.is_empty() {
            for kept in objects {
                self.pictures.remove(&kept.path).await?;
                swept.objects += 1;
                swept.bytes += kept.bytes;
            }
        }
        tx.commit().await?;
        Ok(swept)
    }
}
