//! A fixed set of small numbers, one bit each: what a compiled role is made of.

/// Which of the vocabulary's permissions are in a set, by position.
#[derive(Clone, Debug)]
pub(crate) struct Mask(Box<[u64]>);

impl Mask {
    /// The empty set with room for positions below `bits`.
    pub(crate) fn empty(bits: usize) -> Self {
        Self(vec![0; bits.div_ceil(64)].into_boxed_slice())
    }

    /// Puts a position in; one without room stays out, which grants nothing.
    pub(crate) fn insert(&mut self, bit: usize) {
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    /// Whether a position is in.
    pub(crate) fn contains(&self, bit: usize) -> bool {
        self.0.get(bit / 64).is_some_and(|word| (word >> (bit % 64)) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_exactly_what_was_put_in_across_words() {
        let members = [0, 1, 63, 64, 127, 128];
        let mut mask = Mask::empty(129);
        for bit in members {
            mask.insert(bit);
        }
        let held: Vec<usize> = (0..400).filter(|bit| mask.contains(*bit)).collect();
        assert_eq!(held, members);
    }

    #[test]
    fn what_is_put_in_twice_is_in() {
        let mut mask = Mask::empty(2);
        mask.insert(1);
        mask.insert(1);
        assert!(mask.contains(1) && !mask.contains(0));
    }

    #[test]
    fn a_position_without_room_stays_out() {
        let mut mask = Mask::empty(0);
        mask.insert(0);
        assert!(!mask.contains(0));
    }
}
