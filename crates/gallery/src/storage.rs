//! Where the bytes of images are kept: six objects per content and workspace.

use std::{fmt, ops::Range};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{TryStreamExt, future::try_join_all, stream::BoxStream};
use kernel::{
    ids::WorkspaceId,
    media::{Media, ObjectStore, ObjectStoreExt, Path},
};
use object_store::{Error, GetOptions, GetResult, GetResultPayload, WriteMultipart};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncSeekExt};

/// Up to here an object is put in one piece.
const ONE_PIECE: u64 = 8 * 1024 * 1024;
/// Bytes of one part of an object that is put in several. S3 takes no smaller ones.
const PART: usize = 5 * 1024 * 1024;
/// Parts that are on their way at a time.
const PARTS_AT_ONCE: usize = 2;
/// Bytes that are read from disk at a time.
const CHUNK: usize = 128 * 1024;

/// The objects of one content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Variant {
    /// The file as it was uploaded.
    Original,
    /// What people look at.
    Display,
    /// The same, small.
    Thumbnail,
    /// Small, as WebP.
    SmallWebP,
    /// Larger than small.
    Large,
    /// Larger than small, as WebP.
    LargeWebP,
}

impl Variant {
    pub(crate) const ALL: [Self; 6] =
        [Self::Original, Self::Display, Self::Thumbnail, Self::SmallWebP, Self::Large, Self::LargeWebP];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Display => "display",
            Self::Thumbnail => "thumbnail",
            Self::SmallWebP => "small-webp",
            Self::Large => "large",
            Self::LargeWebP => "large-webp",
        }
    }
}

/// Where a content's objects are: `gallery/<workspace>/<first byte>/<SHA-256>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    workspace: WorkspaceId,
    hash: [u8; 32],
}

impl Place {
    pub(crate) fn new(workspace: WorkspaceId, hash: [u8; 32]) -> Self {
        Self { workspace, hash }
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    pub(crate) fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// The place of an object; none for what the gallery didn't put there.
    fn of(object: &Path) -> Option<Self> {
        let parts: Vec<_> = object.parts().collect();
        let [_, workspace, _, hash, variant] = parts.as_slice() else { return None };
        let place = Self {
            workspace: workspace.as_ref().parse().ok()?,
            hash: hex::decode(hash.as_ref()).ok()?.try_into().ok()?,
        };
        let known = Variant::ALL.iter().find(|known| known.as_str() == variant.as_ref())?;
        (place.object(*known) == *object).then_some(place)
    }

    pub(crate) fn object(&self, variant: Variant) -> Path {
        Path::from(format!("{self}/{}", variant.as_str()))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = hex::encode(self.hash);
        write!(f, "gallery/{}/{}/{hash}", self.workspace, &hash[..2])
    }
}

/// An object, or a stretch of it, on its way out.
pub(crate) struct Outgoing {
    /// Which bytes.
    pub(crate) range: Range<u64>,
    /// Of how many.
    pub(crate) size: u64,
    /// The bytes.
    pub(crate) stream: BoxStream<'static, Result<Bytes, Error>>,
}

/// An object that is there.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// Of which content; none for what the gallery didn't put there.
    pub(crate) place: Option<Place>,
    pub(crate) path: Path,
    pub(crate) bytes: u64,
    pub(crate) at: DateTime<Utc>,
}

/// The objects of the gallery.
#[derive(Clone)]
pub(crate) struct Pictures(Media);

impl fmt::Debug for Pictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pictures")
    }
}

impl Pictures {
    pub(crate) fn new(media: Media) -> Self {
        Self(media)
    }

    /// Whether an object is there. Stores write atomically, so one that is there is whole.
    pub(crate) async fn has(&self, place: &Place, variant: Variant) -> Result<bool, Error> {
        match self.0.head(&place.object(variant)).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes an object of `length` bytes, which are never all in memory when they are many.
    pub(crate) async fn put(
        &self,
        place: &Place,
        variant: Variant,
        length: u64,
        mut from: impl AsyncRead + Unpin,
    ) -> Result<(), Error> {
        let path = place.object(variant);
        if length <= ONE_PIECE {
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
            from.read_to_end(&mut bytes).await.map_err(not_readable)?;
            self.0.put(&path, bytes.into()).await?;
            return Ok(());
        }
        let mut parts = WriteMultipart::new_with_chunk_size(self.0.put_multipart(&path).await?, PART);
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            match from.read_buf(&mut chunk).await {
                Ok(0) => break,
                Ok(_) => {
                    parts.wait_for_capacity(PARTS_AT_ONCE).await?;
                    parts.put(chunk.into());
                }
                Err(error) => {
                    parts.abort().await?;
                    return Err(not_readable(error));
                }
            }
        }
        parts.finish().await.map(drop)
    }

    /// Writes an object that is in memory.
    pub(crate) async fn put_small(&self, place: &Place, variant: Variant, bytes: &[u8]) -> Result<(), Error> {
        self.0.put(&place.object(variant), bytes.to_vec().into()).await.map(drop)
    }

    /// Reads an object, or a stretch of it.
    pub(crate) async fn get(
        &self,
        place: &Place,
        variant: Variant,
        range: Option<Range<u64>>,
    ) -> Result<Outgoing, Error> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        let result = self.0.get_opts(&place.object(variant), options).await?;
        let (range, size) = (result.range.clone(), result.meta.size);
        Ok(Outgoing { range, size, stream: stream_of(result) })
    }

    /// Everything that is there, in no order.
    pub(crate) fn all(&self) -> BoxStream<'static, Result<Kept, Error>> {
        let listed = self.0.list(Some(&Path::from("gallery")));
        Box::pin(listed.map_ok(|meta| Kept {
            place: Place::of(&meta.location),
            bytes: meta.size,
            at: meta.last_modified,
            path: meta.location,
        }))
    }

    /// How many bytes an object has; none if it isn't there.
    pub(crate) async fn size(&self, place: &Place, variant: Variant) -> Result<Option<u64>, Error> {
        match self.0.head(&place.object(variant)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes a content's objects.
    pub(crate) async fn delete(&self, place: &Place) -> Result<(), Error> {
        try_join_all(Variant::ALL.map(async |variant| self.remove(&place.object(variant)).await)).await.map(drop)
    }

    /// Deletes an object; one that is gone already is no error.
    pub(crate) async fn remove(&self, object: &Path) -> Result<(), Error> {
        match self.0.delete(object).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A store on disk hands out the file: read in larger pieces than its own stream would.
fn stream_of(result: GetResult) -> BoxStream<'static, Result<Bytes, Error>> {
    let Range { start, end } = result.range;
    match result.payload {
        GetResultPayload::Stream(stream) => stream,
        GetResultPayload::File(file, _) => {
            let file = tokio::fs::File::from_std(file);
            Box::pin(futures_util::stream::try_unfold((file, start, false), move |(mut file, at, placed)| async move {
                if at >= end {
                    return Ok(None);
                }
                if !placed {
                    file.seek(std::io::SeekFrom::Start(at)).await.map_err(not_readable)?;
                }
                let length = (end - at).min(CHUNK as u64);
                let mut chunk = Vec::with_capacity(CHUNK);
                let read = (&mut file).take(length).read_to_end(&mut chunk).await.map_err(not_readable)? as u64;
                if read < length {
                    return Err(not_readable(std::io::ErrorKind::UnexpectedEof.into()));
                }
                Ok(Some((Bytes::from(chunk), (file, at + read, true))))
            }))
        }
    }
}

fn not_readable(error: std::io::Error) -> Error {
    Error::Generic { store: "file", source: Box::new(error) }
}
