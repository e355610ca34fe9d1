//! Reading numbers and stretches off the front of bytes that may end at any place.

use super::PictureFault;

/// The bytes not yet read. Reading past the end is [`PictureFault::Corrupt`].
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], PictureFault> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(PictureFault::Corrupt)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PictureFault> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(PictureFault::Corrupt)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn expect(&mut self, bytes: &[u8]) -> Result<(), PictureFault> {
        if self.take(bytes.len())? == bytes { Ok(()) } else { Err(PictureFault::Corrupt) }
    }

    pub(super) fn byte(&mut self) -> Result<u8, PictureFault> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u16_be(&mut self) -> Result<u16, PictureFault> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u16_le(&mut self) -> Result<u16, PictureFault> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u24_le(&mut self) -> Result<u32, PictureFault> {
        self.array().map(|[low, middle, high]| u32::from_le_bytes([low, middle, high, 0]))
    }

    pub(super) fn u32_be(&mut self) -> Result<u32, PictureFault> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u32_le(&mut self) -> Result<u32, PictureFault> {
        self.array().map(u32::from_le_bytes)
    }

    /// A stretch as long as a 32-bit number says.
    pub(super) fn take_u32(&mut self, length: u32) -> Result<&'a [u8], PictureFault> {
        self.take(usize::try_from(length).map_err(|_| PictureFault::Corrupt)?)
    }
}
