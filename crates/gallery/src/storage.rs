//! Where the bytes of images are kept: three objects per content and workspace.

use std::{fmt, ops::Range};

use bytes::Bytes;
use futures_util::stream::BoxStream;
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
}

impl Variant {
    pub(crate) const ALL: [Self; 3] = [Self::Original, Self::Display, Self::Thumbnail];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Display => "display",
            Self::Thumbnail => "thumbnail",
        }
    }
}

/// Where a content's objects are: `gallery/<workspace>/<first byte>/<SHA-256>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    fn object(&self, variant: Variant) -> Path {
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

    /// Deletes a content's objects; those that are gone already are no error.
    pub(crate) async fn delete(&self, place: &Place) -> Result<(), Error> {
        for variant in Variant::ALL {
            match self.0.delete(&place.object(variant)).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
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
